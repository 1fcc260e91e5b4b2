// The one route: sums of the counters of some days, by user, bucket, action or day.
import { codePointOrder } from './order.mjs';
import { Problem } from './problem.mjs';
import { parse } from './query.mjs';

// Queries under way at once.
const AT_ONCE = 8;

// `counters` has `ofDay(day)`, which gives the counters of one day.
export const route = (counters) => async (request) => {
  // The authorizer's policy lets viewers read everything; this they may not.
  if (request.role !== 'admin') throw new Problem(403, 'your role does not allow this');
  const { from, to, by, days } = parse(request.query);
  const groups = new Map();
  await forEach(days, async (day) => {
    for (const counter of await counters.ofDay(day)) add(groups, counter[by] ?? null, counter);
  });
  return { status: 200, body: { from, to, by, groups: [...groups.values()].sort(byKey).map(shown) } };
};

function add(groups, key, counter) {
  const sums = groups.get(key) ?? { key, count: 0, errors: 0, bytes: 0, durationUs: 0 };
  for (const name of ['count', 'errors', 'bytes', 'durationUs']) sums[name] += counter[name];
  groups.set(key, sums);
}

// Whole microseconds until here: sums of fractions would depend on their order.
const shown = ({ durationUs, ...sums }) => ({ ...sums, duration_ms: durationUs / 1000 });

// What has no user or bucket comes first.
const byKey = (a, b) => codePointOrder(a.key ?? '', b.key ?? '');

async function forEach(items, work) {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
