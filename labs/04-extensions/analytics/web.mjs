// API Gateway's proxy events in, its answers out: routing, problems, one log line a request.
import { Problem } from './problem.mjs';

const LOGS_REQUESTS = !['WARN', 'ERROR', 'FATAL'].includes(process.env.AWS_LAMBDA_LOG_LEVEL);

// A Lambda handler for `routes`: resource path (as in the template) → method → function.
export const serve = (routes) => async (event, context) => {
  const started = performance.now();
  const request = read(event, context);
  const answer = await respond(routes, request);
  log(request, answer.statusCode, performance.now() - started, context.awsRequestId);
  return answer;
};

const read = (event, context) => ({
  method: event.httpMethod ?? '',
  resource: event.resource ?? '',
  query: event.multiValueQueryStringParameters ?? {},
  role: event.requestContext?.authorizer?.role,
  id: event.requestContext?.requestId ?? context.awsRequestId,
});

async function respond(routes, request) {
  try {
    const { status, body } = await find(routes, request)(request);
    return answered(status, { 'Content-Type': 'application/json' }, body);
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(error);
    const headers = { ...problem.headers, 'Content-Type': 'application/problem+json' };
    return answered(problem.status, headers, problem.body(request.id));
  }
}

function find(routes, { method, resource }) {
  const methods = Object.hasOwn(routes, resource) ? routes[resource] : undefined;
  if (!methods) throw new Problem(404, 'no such route');
  if (Object.hasOwn(methods, method)) return methods[method];
  throw new Problem(405, `${method} is not allowed here`, { Allow: Object.keys(methods).sort().join(', ') });
}

function unexpected(error) {
  console.error('unexpected error', error);
  return new Problem(500, 'something went wrong; the request id helps to find out what');
}

function answered(statusCode, headers, body) {
  const all = { 'Cache-Control': 'no-store', ...headers };
  return { statusCode, headers: all, isBase64Encoded: false, body: JSON.stringify(body) };
}

// Not by `console`, which would put the line's members below `message`.
function log({ method, resource, id }, status, duration, requestId) {
  if (!LOGS_REQUESTS) return;
  const told = { timestamp: new Date().toISOString(), level: 'INFO', message: 'request', requestId };
  const line = { ...told, route: `${method} ${resource}`, status, duration_ms: duration, api_request_id: id };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
