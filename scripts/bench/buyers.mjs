// The bench's second load generator, a process of its own: buyers who do what wrk cannot. They come
// at set times whether or not the earlier ones have been served, each once, or hold and confirm.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from './http-connection.mjs';
import { percentiles } from './percentiles.mjs';

/**
 * @typedef {object} Plan
 * @property {string} url
 * @property {string} audience a file with `token address` of one buyer a line
 * @property {string} path
 * @property {string[]} shows
 * @property {number} connections most of them that are open at once
 * @property {number} [seconds] how long; or
 * @property {number} [visits] how many buyers come in all
 * @property {number} [rate] how many come in a second; left out, the next comes when one goes
 * @property {number} [startAt] when the first comes (as `Date.now()` says)
 * @property {boolean} [confirm] whether each confirms what they hold
 * @property {boolean} [spread] whether the visits are at random within `seconds`
 * @property {boolean} [remember] whether what was booked is told one by one
 *
 * @typedef {object} Booked a hold that was acknowledged
 * @property {number} version its show's, after it
 * @property {number} decidedAt by the database's clock, before its commit; milliseconds
 * @property {number} answeredAt when the answer was here; milliseconds
 *
 * @typedef {object} Kind what became of one kind of request
 * @property {Record<string, number>} statuses
 * @property {number[]} done milliseconds of each success from when it was to be sent
 * @property {number[]} refused of each 503
 * @property {number[]} other of every other answer
 */

const plan = /** @type {Plan} */ (JSON.parse(await text(process.stdin)));
const url = new URL(plan.url);
const heads = readFileSync(plan.audience, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [token, address] = line.split(' ');
    return `HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer ${token}`;
  });

/** @returns {Kind} */
const newKind = () => ({ statuses: {}, done: [], refused: [], other: [] });
const kinds = { hold: newKind(), confirm: newKind() };
/** When each success came, in whole seconds from the start. @type {number[]} */
const perSecond = [];
let visits = 0;
/** @type {Booked[]} */
const booked = [];

/**
 * @param {HttpConnection} connection
 * @param {number} due when it was to be sent, by `performance.now()`
 */
async function visit(connection, due) {
  const turn = visits++;
  const head = heads[turn % heads.length];
  const show = plan.shows[turn % plan.shows.length];
  const body = JSON.stringify({ showId: show, quantity: 1 });
  const hold = await connection.send(
    `POST ${plan.path} ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  record(kinds.hold, hold.status, due);
  if (plan.remember && hold.status === 201) {
    const { version, createdAt } = JSON.parse(hold.body);
    booked.push({ version, decidedAt: Date.parse(createdAt), answeredAt: Date.now() });
  }
  if (!plan.confirm || hold.status !== 201) return;
  const { id } = JSON.parse(hold.body);
  const sent = performance.now();
  const answer = await connection.send(
    `POST /api/v1/bookings/${id}/confirm ${head}\r\nContent-Length: 0\r\n\r\n`,
  );
  record(kinds.confirm, answer.status, sent);
}

/**
 * @param {Kind} kind
 * @param {number} status
 * @param {number} since
 */
function record(kind, status, since) {
  const now = performance.now();
  kind.statuses[status] = (kind.statuses[status] ?? 0) + 1;
  if (status >= 200 && status < 300) {
    kind.done.push(now - since);
    const second = Math.floor((now - begin) / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
  } else if (status === 503) kind.refused.push(now - since);
  else kind.other.push(now - since);
}

/** Everybody comes back as soon as they are served. */
async function closedLoop() {
  const isOver =
    plan.visits === undefined
      ? () => performance.now() - begin >= Number(plan.seconds) * 1_000
      : () => visits >= Number(plan.visits);
  await Promise.all(
    connections.map(async (connection) => {
      while (!isOver()) {
        await visit(connection, performance.now());
        if (!connection.isOpen) connection = await HttpConnection.open(url);
      }
    }),
  );
}

/** They come when they come; who finds no free connection waits for one, and the clock runs. */
async function openLoop() {
  const times = arrivals();
  const free = [...connections];
  /** @type {number[]} */
  const waiting = [];
  /** @type {Promise<void>[]} */
  const running = [];
  /** @type {(connection: HttpConnection, due: number) => Promise<void>} */
  const serve = async (connection, due) => {
    await visit(connection, due);
    if (!connection.isOpen) connection = await HttpConnection.open(url);
    const next = waiting.shift();
    if (next !== undefined) await serve(connection, next);
    else free.push(connection);
  };
  let next = 0;
  while (next < times.length) {
    for (; next < times.length && begin + Number(times[next]) <= performance.now(); next++) {
      const due = begin + Number(times[next]);
      const connection = free.pop();
      if (connection) running.push(serve(connection, due));
      else waiting.push(due);
    }
    await sleep(1);
  }
  while (waiting.length > 0) await sleep(10);
  await Promise.all(running);
}

/** Milliseconds from the start, ascending. */
function arrivals() {
  const seconds = Number(plan.seconds);
  const count = plan.visits ?? Math.round(Number(plan.rate) * seconds);
  const at = (/** @type {number} */ i) => (plan.spread ? Math.random() : i / count);
  return Array.from({ length: count }, (_, i) => at(i) * seconds * 1_000).sort((a, b) => a - b);
}

/** @type {HttpConnection[]} */
let connections = [];
// Opened a hundred at a time: a listener's queue is not what is measured.
while (connections.length < plan.connections) {
  const count = Math.min(100, plan.connections - connections.length);
  const opened = Array.from({ length: count }, () => HttpConnection.open(url));
  connections = connections.concat(await Promise.all(opened));
}
if (plan.startAt !== undefined) await sleep(Math.max(0, plan.startAt - Date.now()));
const begin = performance.now();
const cpuBefore = process.cpuUsage();
await (plan.rate === undefined && !plan.spread ? closedLoop() : openLoop());
const seconds = (performance.now() - begin) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
for (const connection of connections) connection.close();
const summary = Object.entries(kinds).map(([name, { statuses, done, refused, other }]) => [
  name,
  {
    statuses,
    done: percentiles(done),
    refused: percentiles(refused),
    other: percentiles(other),
  },
]);
process.stdout.write(
  JSON.stringify({
    seconds,
    perSecond: Array.from(perSecond, (count) => count ?? 0),
    generatorCpu: (user + system) / 1e6,
    booked,
    ...Object.fromEntries(summary),
  }),
);
