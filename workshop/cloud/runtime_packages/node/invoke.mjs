// One invocation, whatever kind of handler: what it answers is a body and its headers.
import { RuntimeError } from './errors.mjs';
import { isStreaming, runStreaming } from './streaming.mjs';

export async function invoke(handler, event, context) {
  if (isStreaming(handler)) return runStreaming(handler, event, context);
  const result = await run(handler, event, context);
  return { body: stringify(result), headers: { 'content-type': 'application/json' } };
}

// The answer is what comes first: the promise's outcome, the callback's, or an event loop with nothing left to do.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    let done = () => resolve(null);
    const whenIdle = () => done();
    process.once('beforeExit', whenIdle);
    const settle = (error, value) => {
      process.off('beforeExit', whenIdle);
      if (error === undefined || error === null) resolve(value);
      else reject(error);
    };
    const callback = (error, value) => {
      if (context.callbackWaitsForEmptyEventLoop) done = () => settle(error, value);
      else settle(error, value);
    };
    addLegacyEndings(context, callback);
    try {
      const returned = handler(event, context, callback);
      if (typeof returned?.then === 'function') {
        returned.then((value) => settle(null, value), (error) => settle(error ?? new Error(String(error))));
      }
    } catch (error) {
      settle(error ?? new Error(String(error)));
    }
  });
}

// Endings from before callbacks, which old functions still use; they do not wait for the event loop.
function addLegacyEndings(context, callback) {
  const end = (error, value) => {
    context.callbackWaitsForEmptyEventLoop = false;
    callback(error, value);
  };
  Object.assign(context, { done: end, succeed: (value) => end(null, value), fail: (error) => end(error ?? 'failed') });
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw new RuntimeError('MarshalError', `Unable to stringify response body: ${error.message}`);
  }
}
