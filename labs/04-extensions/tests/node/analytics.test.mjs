// The function without AWS: counters come from a table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { route } from '../../analytics/analytics.mjs';
import { problemOf } from '../../analytics/service_error.mjs';
import { serve } from '../../analytics/web.mjs';

const counter = (user, bucket, action, count, errors = 0) => ({ user, bucket, action, count, errors, bytes: 10 * count, durationUs: 100 * count });
const DAYS = {
  '2026-01-30': [counter('ada', 'acme-logs', 'getBucket', 3, 1), counter('bob', undefined, 'audit', 2)],
  '2026-01-31': [counter('ada', 'acme-logs', 'getUsage', 4), counter(undefined, undefined, 'signIn', 1)],
};

class Counters {
  asked = [];
  underWay = 0;
  most = 0;

  async ofDay(day) {
    this.asked.push(day);
    this.most = Math.max(this.most, (this.underWay += 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.underWay -= 1;
    return (DAYS[day] ?? []).map((found) => ({ day, ...found }));
  }
}

async function send(query, { counters = new Counters(), role = 'admin', method = 'GET', resource = '/analytics' } = {}) {
  const multiValueQueryStringParameters = query && Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat()]));
  const requestContext = { requestId: 'api-id', authorizer: { role } };
  const event = { httpMethod: method, resource, multiValueQueryStringParameters, requestContext };
  const answer = await serve({ '/analytics': { GET: route(counters) } })(event, { awsRequestId: 'lambda-id' });
  return { ...answer, json: JSON.parse(answer.body), counters };
}

const DATES = { from: '2026-01-30', to: '2026-01-31' };
const keys = ({ json }) => json.groups.map(({ key, count }) => [key, count]);

test('days are what is grouped by unless told otherwise', async () => {
  const answer = await send(DATES);
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json, {
    ...DATES,
    by: 'day',
    groups: [
      { key: '2026-01-30', count: 5, errors: 1, bytes: 50, duration_ms: 0.5 },
      { key: '2026-01-31', count: 5, errors: 0, bytes: 50, duration_ms: 0.5 },
    ],
  });
  assert.deepEqual(answer.headers, { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
});

test('users, buckets and actions, those that are not known first', async () => {
  assert.deepEqual(keys(await send({ ...DATES, by: 'user' })), [[null, 1], ['ada', 7], ['bob', 2]]);
  assert.deepEqual(keys(await send({ ...DATES, by: 'bucket' })), [[null, 3], ['acme-logs', 7]]);
  assert.deepEqual(keys(await send({ ...DATES, by: 'action' })), [['audit', 2], ['getBucket', 3], ['getUsage', 4], ['signIn', 1]]);
});

test('every day is asked for once, a few at a time', async () => {
  const { counters, json } = await send({ from: '2026-01-01', to: '2026-04-02' });
  assert.equal(json.groups.length, 2);
  assert.equal(new Set(counters.asked).size, 92);
  assert.equal(counters.asked.length, 92);
  assert.equal(counters.most, 8);
});

const REFUSED = [
  [{ x: '1', a: '1', ...DATES }, "unknown query parameter 'a'"],
  [{ '💾': '', '\uff21': '' }, "unknown query parameter '\uff21'"],
  [{ to: ['1', '2'], from: ['1', '2'] }, "query parameter 'from' is given more than once"],
  [null, "'from' is required"],
  [{ from: '', to: '2026-01-31' }, "'from' is required"],
  [{ from: '2026-01-31' }, "'to' is required"],
  [{ ...DATES, from: '2026-02-30' }, "'from' must be a date such as 2030-01-31"],
  [{ ...DATES, from: '1969-12-31' }, "'from' must be a date such as 2030-01-31"],
  [{ ...DATES, from: '2026-01-30T00:00:00Z' }, "'from' must be a date such as 2030-01-31"],
  [{ ...DATES, to: '٢٠٢٦-01-31' }, "'to' must be a date such as 2030-01-31"],
  [{ ...DATES, to: '2026-01-31\n' }, "'to' must be a date such as 2030-01-31"],
  [{ from: '2026-01-31', to: '2026-01-30' }, "'to' must not be before 'from'"],
  [{ from: '2026-01-01', to: '2026-04-03' }, "'from' to 'to' must be at most 92 days"],
  [{ ...DATES, by: 'User' }, "'by' must be user, bucket, action or day"],
  [{ ...DATES, by: '' }, "'by' must be user, bucket, action or day"],
];
for (const [query, detail] of REFUSED) {
  test(`refused: ${detail} of ${JSON.stringify(query)}`, async () => {
    const { statusCode, json, headers } = await send(query);
    assert.deepEqual(json, { type: 'about:blank', title: 'Bad Request', status: 400, detail, request_id: 'api-id' });
    assert.equal(statusCode, 400);
    assert.equal(headers['Content-Type'], 'application/problem+json');
  });
}

test('only admins, whatever they ask for', async () => {
  for (const role of ['viewer', null]) {
    const { statusCode, json, counters } = await send({ x: '1' }, { role });
    assert.deepEqual([statusCode, json.detail], [403, 'your role does not allow this']);
    assert.deepEqual(counters.asked, []);
  }
});

test('other routes and methods', async () => {
  assert.equal((await send(DATES, { resource: '/other' })).statusCode, 404);
  assert.equal((await send(DATES, { resource: 'constructor' })).statusCode, 404);
  const { statusCode, json, headers } = await send(DATES, { method: 'PUT' });
  assert.deepEqual([statusCode, json.detail, headers.Allow], [405, 'PUT is not allowed here', 'GET']);
});

test('a bug is told without its message', async () => {
  const counters = { ofDay: () => Promise.reject(new Error('arn:aws:secret')) };
  const original = console.error;
  console.error = () => {};
  try {
    const { statusCode, body } = await send(DATES, { counters });
    assert.equal(statusCode, 500);
    assert.ok(!body.includes('arn:'));
  } finally {
    console.error = original;
  }
});

const fault = (name) => Object.assign(new Error('told by AWS'), { name, $fault: 'client' });
const FAILED = [
  [fault('AccessDeniedException'), 403, 'DynamoDB does not allow this (AccessDenied)'],
  [fault('ProvisionedThroughputExceededException'), 429, 'DynamoDB asks to slow down'],
  [fault('ServiceUnavailable'), 503, 'DynamoDB is out of reach'],
  [fault('ResourceNotFoundException'), 502, 'DynamoDB answered something unexpected (ResourceNotFoundException)'],
  [fault('UnknownError'), 502, 'DynamoDB answered something unexpected (Garbled)'],
  [Object.assign(new Error(), { code: 'ECONNREFUSED' }), 503, 'DynamoDB is out of reach'],
  [Object.assign(new Error(), { code: 'ECONNRESET', name: 'TimeoutError' }), 503, 'DynamoDB is out of reach'],
  [Object.assign(new Error(), { code: 'ETIMEDOUT', name: 'TimeoutError' }), 504, 'DynamoDB took too long'],
  [Object.assign(new Error(), { name: 'TimeoutError' }), 504, 'DynamoDB took too long'],
  [new SyntaxError('Unexpected token'), 502, 'DynamoDB answered something unexpected (Garbled)'],
];
for (const [error, status, detail] of FAILED) {
  test(`failed: ${detail} of ${error.name} ${error.code}`, () => {
    const problem = problemOf('DynamoDB', error);
    assert.deepEqual([problem.status, problem.message], [status, detail]);
    assert.equal(problem.headers['Retry-After'], status === 429 ? '1' : undefined);
  });
}
