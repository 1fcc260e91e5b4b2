// What the SDK raises, as the problem that labs/README.md has for it.
import { Problem } from './problem.mjs';

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

export function problemOf(service, error) {
  const code = codeOf(error);
  if (code.startsWith('AccessDenied')) return new Problem(403, `${service} does not allow this (AccessDenied)`);
  if (THROTTLED.has(code)) return new Problem(429, `${service} asks to slow down`, { 'Retry-After': '1' });
  if (['Unreachable', 'ServiceUnavailable'].includes(code)) return new Problem(503, `${service} is out of reach`);
  if (code === 'TimedOut') return new Problem(504, `${service} took too long`);
  return new Problem(502, `${service} answered something unexpected (${code})`);
}

function codeOf(error) {
  if (error.$fault && !error.name.startsWith('Unknown')) return error.name;
  // Node's own errors have a code. The SDK calls a reset connection a time-out too.
  if (error.code && error.code !== 'ETIMEDOUT') return 'Unreachable';
  return error.code || error.name === 'TimeoutError' ? 'TimedOut' : 'Garbled';
}
