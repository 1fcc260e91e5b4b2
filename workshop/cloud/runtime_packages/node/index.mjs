// The Lambda runtime client for Node: INIT, then one event after the other.
import { setImmediate } from 'node:timers/promises';
import { contextOf } from './context.mjs';
import { describe, UnhandledRejection } from './errors.mjs';
import { invoke } from './invoke.mjs';
import { load } from './loader.mjs';
import { logError, patchConsole, setRequest } from './logging.mjs';
import * as api from './runtime_api.mjs';
import './streaming.mjs';

// AWS's own exit codes for these two.
const UNHANDLED_REJECTION = 128;
const UNCAUGHT_EXCEPTION = 129;

let phase = 'init';
let current;

// The end of this process. Between two events there is nobody to tell.
async function fail(title, error, exitCode) {
  const [failedIn, request] = [phase, current];
  phase = 'failed';
  logError(title, error);
  try {
    if (request) await api.failed(request, describe(error));
    else if (failedIn === 'init') await api.initFailed(describe(error));
  } finally {
    if (failedIn !== 'failed') process.exit(exitCode);
  }
}

async function serve(handler) {
  // Node tells of rejected promises only after the modules' own work; those belong to INIT.
  await setImmediate();
  if (phase === 'failed') return;
  phase = 'serve';
  for (;;) {
    const { headers, body } = await api.next();
    current = headers['lambda-runtime-aws-request-id'];
    setRequest(current);
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
    await answer(handler, headers, body);
    current = undefined;
  }
}

async function answer(handler, headers, body) {
  const request = current;
  try {
    const result = await invoke(handler, JSON.parse(body), contextOf(headers));
    await api.succeeded(request, result);
  } catch (error) {
    logError('Invoke Error', error);
    await api.failed(request, describe(error));
  }
}

patchConsole();
process.on('uncaughtException', (error) => fail('Uncaught Exception', error, UNCAUGHT_EXCEPTION));
process.on('unhandledRejection', (reason) =>
  fail('Unhandled Promise Rejection', new UnhandledRejection(reason), UNHANDLED_REJECTION));
// Not awaited: at the top level of a module, an empty event loop would end the process.
load(process.env._HANDLER, process.env.LAMBDA_TASK_ROOT).then(serve, (error) => fail('Init Error', error, 1));
