// `console` as Lambda has it: a level and the request in each line, as text or JSON.
import util from 'node:util';
import { describe, loggable, stackOf } from './errors.mjs';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const METHODS = { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };
const inJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
// With text logs there is no level to filter by.
const least = inJson ? Math.max(0, LEVELS.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL ?? '').toUpperCase())) : 0;

let request;

export function setRequest(id) {
  request = id;
}

export function patchConsole() {
  const format = inJson ? json : text;
  for (const [method, level] of Object.entries(METHODS)) {
    const heard = LEVELS.indexOf(level) >= least;
    console[method] = heard ? (...values) => process.stdout.write(`${format(level, values)}\n`) : () => {};
  }
}

export function logError(title, error) {
  if (inJson) console.error(title, error);
  else console.error(title, asLine(error));
}

function asLine(error) {
  try {
    return `\t${JSON.stringify(loggable(error))}`;
  } catch {
    // A field of the error's own that JSON cannot hold.
    return `\t${JSON.stringify(describe(error))}`;
  }
}

// One event of the log is one line, so line breaks become carriage returns, as in AWS's own client.
function text(level, values) {
  const message = util.format(...values).replaceAll('\n', '\r');
  return `${new Date().toISOString()}\t${request}\t${level}\t${message}`;
}

function json(level, values) {
  const record = { timestamp: new Date().toISOString(), level, requestId: request };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...record, message: values[0] }, errorsAsObjects);
    } catch {
      return JSON.stringify({ ...record, message: util.format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...record, message: util.format(...values), ...(error ? fields(error) : {}) });
}

const fields = (error) => ({
  errorType: error.constructor?.name ?? 'UnknownError',
  errorMessage: error.message,
  stackTrace: stackOf(error),
});

const errorsAsObjects = (key, value) => (value instanceof Error ? { ...value, ...fields(value) } : value);
