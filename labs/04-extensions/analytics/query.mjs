// Query parameters, checked in the order that labs/README.md sets.
import { codePointOrder } from './order.mjs';
import { badRequest } from './problem.mjs';

const NAMES = ['from', 'to', 'by'];
const GROUPS = ['user', 'bucket', 'action', 'day'];
const MAX_DAYS = 92;
const DAY_MS = 86_400_000;

// `days` are all from `from` to `to`.
export function parse(query) {
  refuseOthers(query);
  const from = date(query, 'from');
  const to = date(query, 'to');
  if (to < from) throw badRequest("'to' must not be before 'from'");
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (count > MAX_DAYS) throw badRequest(`'from' to 'to' must be at most ${MAX_DAYS} days`);
  const by = query.by?.[0] ?? 'day';
  if (!GROUPS.includes(by)) throw badRequest("'by' must be user, bucket, action or day");
  return { from, to, by, days: Array.from({ length: count }, (_, number) => dayOf(Date.parse(from) + number * DAY_MS)) };
}

function refuseOthers(query) {
  const given = Object.keys(query).sort(codePointOrder);
  const unknown = given.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw badRequest(`unknown query parameter '${unknown}'`);
  const repeated = given.find((name) => query[name].length > 1);
  if (repeated !== undefined) throw badRequest(`query parameter '${repeated}' is given more than once`);
}

function date(query, name) {
  const text = query[name]?.[0];
  if (!text) throw badRequest(`'${name}' is required`);
  if (!isDate(text)) throw badRequest(`'${name}' must be a date such as 2030-01-31`);
  return text;
}

// A day of the calendar from 1970 on: Date.parse alone takes the 31st of February for the 3rd of March.
const isDate = (text) =>
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && Date.parse(text) >= 0 && dayOf(Date.parse(text)) === text;

const dayOf = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);
