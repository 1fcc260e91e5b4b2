// Posts a usage event for each request that a Node function answers.
//
// The function stays as it is: its own handler moves from the setting `Handler` to the variable ANALYTICS_HANDLER, and
// `Handler` names this one, `/opt/nodejs/analytics_wrapper.handler`.
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PORT = Number(process.env.ANALYTICS_PORT || 2779);
// The most that an extension in trouble may cost.
const TIMEOUT_MS = 200;
// Names that no bucket has are not counted: they are whatever a client makes up.
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/;
// Beside nodejs/ in the layer as in the repository.
const OPERATIONS = JSON.parse(readFileSync(new URL('../analytics/operations.json', import.meta.url), 'utf8'));

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const inner = await importHandler(process.env.ANALYTICS_HANDLER);

export async function handler(event, context) {
  const started = performance.now();
  try {
    const answer = await inner(event, context);
    await post(describe(event, context.awsRequestId, answer, started));
    return answer;
  } catch (error) {
    // API Gateway makes a 502 of it.
    await post(describe(event, context.awsRequestId, { statusCode: 502 }, started));
    throw error;
  }
}

async function importHandler(name) {
  const at = name.lastIndexOf('.');
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT ?? '.', name.slice(0, at));
  const file = ['.mjs', '.js', '.cjs'].map((extension) => base + extension).find((candidate) => existsSync(candidate));
  const module = await import(pathToFileURL(file ?? base));
  return module[name.slice(at + 1)] ?? module.default[name.slice(at + 1)];
}

function describe(event, requestId, answer, started) {
  const caller = event.requestContext?.authorizer ?? {};
  const bucket = event.pathParameters?.bucket ?? '';
  return JSON.stringify({
    event_id: `${requestId}/0`,
    request_id: requestId,
    time: new Date().toISOString(),
    user: caller.username ?? null,
    role: caller.role ?? null,
    action: OPERATIONS[`${event.httpMethod} ${event.resource}`] ?? 'unknown',
    bucket: BUCKET.test(bucket) ? bucket : null,
    status: answer.statusCode,
    duration_ms: performance.now() - started,
    bytes: Buffer.byteLength(answer.body ?? ''),
  });
}

// Analytics never breaks a function: an event that cannot be posted is lost.
async function post(body) {
  const failure = await send(body);
  // The kept connection may have been closed while the environment was frozen. The event has an id, so twice is once.
  if (failure?.reused) await send(body);
}

function send(body) {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const options = { agent, host: '127.0.0.1', port: PORT, method: 'POST', path: '/events', headers };
    const request = http.request(options, (answer) => answer.resume().on('end', resolve).on('error', resolve));
    const timer = setTimeout(() => {
      resolve();
      request.destroy();
    }, TIMEOUT_MS);
    request.on('close', () => clearTimeout(timer));
    request.on('error', () => resolve({ reused: request.reusedSocket }));
    request.end(body);
  });
}
