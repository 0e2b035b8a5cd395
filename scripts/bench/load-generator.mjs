// The load generator for what wrk cannot do: an open loop (requests are due at set times, whether or
// not earlier ones have been answered), users who come once, and holds that are confirmed.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerRequests } from './helper-process.mjs';
import { HttpConnection } from './http-connection.mjs';
import { Latencies } from './percentiles.mjs';

const OPENED_AT_ONCE = 100;

/**
 * @typedef {object} Plan
 * @property {string} url
 * @property {string} users a file with `token address` of one virtual user a line
 * @property {string} path of the holds, or with `read` what is read
 * @property {boolean} [read]
 * @property {string[]} shows
 * @property {number} connections
 * @property {number} [seconds] how long; or
 * @property {number} [visits] how many requests, each of another user
 * @property {number} [rate] requests a second; left out, a closed loop
 * @property {boolean} [random] whether the visits are at random times within the seconds
 * @property {number} [startAt] milliseconds since the epoch
 * @property {boolean} [confirm] whether each hold is confirmed
 * @property {boolean} [remember] whether the answers' versions are returned
 *
 * @typedef {object} Outcome
 * @property {Record<string, number>} statuses
 * @property {import('./percentiles.mjs').Percentiles} done 2xx, from when the request was due
 * @property {import('./percentiles.mjs').Percentiles} shed 503
 * @property {import('./percentiles.mjs').Percentiles} other
 *
 * @typedef {{ version: number, decidedAt: number, answeredAt: number }} Version of a show, and when
 *   the database's clock said so and when the answer was here
 *
 * @typedef {object} Outcomes
 * @property {number} seconds
 * @property {number[]} perSecond successes in each second
 * @property {Version[]} versions
 * @property {Outcome} hold of holds or reads
 * @property {Outcome} confirm
 */

class Recorder {
  /** @type {Record<string, number>} */
  statuses = {};
  done = new Latencies();
  shed = new Latencies();
  other = new Latencies();

  /** @param {number} status @param {number} milliseconds */
  record(status, milliseconds) {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const isDone = status >= 200 && status < 300;
    (isDone ? this.done : status === 503 ? this.shed : this.other).record(milliseconds);
    return isDone;
  }

  /** @returns {Outcome} */
  get outcome() {
    const { statuses, done, shed, other } = this;
    const { percentiles } = done;
    return { statuses, done: percentiles, shed: shed.percentiles, other: other.percentiles };
  }
}

answerRequests(async (/** @type {Plan} */ plan) => {
  const url = new URL(plan.url);
  const heads = readFileSync(plan.users, 'utf8').trim().split('\n').map(headOf);
  /** @type {number[]} */
  const perSecond = [];
  /** @type {Version[]} */
  const versions = [];
  const [holds, confirms] = [new Recorder(), new Recorder()];
  let visits = 0;

  /** @param {string} line */
  function headOf(line) {
    const [token, address] = line.split(' ');
    return `HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer ${token}`;
  }

  /** @param {Recorder} recorder @param {number} status @param {number} due */
  function record(recorder, status, due) {
    const now = performance.now();
    if (!recorder.record(status, now - due)) return false;
    const second = Math.floor((now - begin) / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    return true;
  }

  /** @param {HttpConnection} connection @param {number} due by `performance.now()` */
  async function visit(connection, due) {
    const i = visits++;
    const head = heads[i % heads.length];
    const body = JSON.stringify({ showId: plan.shows[i % plan.shows.length], quantity: 1 });
    const { status, body: text } = await connection.send(
      plan.read
        ? `GET ${plan.path} ${head}\r\n\r\n`
        : `POST ${plan.path} ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    if (!record(holds, status, due) || !(plan.remember || plan.confirm)) return;
    const { id, version, createdAt } = JSON.parse(text);
    if (plan.remember) {
      versions.push({ version, decidedAt: Date.parse(createdAt), answeredAt: Date.now() });
    }
    if (!plan.confirm) return;
    const sent = performance.now();
    const confirmed = await connection.send(
      `POST ${plan.path}/${id}/confirm ${head}\r\nContent-Length: 0\r\n\r\n`,
    );
    record(confirms, confirmed.status, sent);
  }

  /** @type {HttpConnection[]} */
  const connections = [];
  // A few at a time, since the API limits how many it accepts a second.
  while (connections.length < plan.connections) {
    const count = Math.min(OPENED_AT_ONCE, plan.connections - connections.length);
    const opened = Array.from({ length: count }, () => HttpConnection.open(url));
    connections.push(...(await Promise.all(opened)));
  }
  if (plan.startAt !== undefined) await sleep(Math.max(0, plan.startAt - Date.now()));
  const nextDue = scheduleOf(plan);
  const begin = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (;;) {
        const due = nextDue(performance.now() - begin);
        if (due === undefined) break;
        const early = begin + due - performance.now();
        if (early > 0) await sleep(early);
        await visit(connection, begin + due);
        if (!connection.isOpen) connection = await HttpConnection.open(url);
      }
      connection.close();
    }),
  );
  const seconds = (performance.now() - begin) / 1_000;
  return {
    ...{ seconds, versions, hold: holds.outcome, confirm: confirms.outcome },
    perSecond: Array.from(perSecond, (count) => count ?? 0),
  };
});

/**
 * @param {Plan} plan
 * @returns {(now: number) => number | undefined} when the next request is due, in milliseconds from
 *   the start; undefined after the last
 */
function scheduleOf({ seconds = Infinity, visits, rate, random }) {
  let next = 0;
  if (rate === undefined && !random) {
    return (now) => (now < seconds * 1_000 && next++ < (visits ?? Infinity) ? now : undefined);
  }
  const count = visits ?? Math.round(Number(rate) * seconds);
  const share = (/** @type {number} */ i) => (random ? Math.random() : i / count);
  const times = Array.from({ length: count }, (_, i) => share(i) * seconds * 1_000);
  times.sort((a, b) => a - b);
  return () => times[next++];
}
