// Reads one show again and again, in a process of its own, and says since when it was at which
// version.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerRequests } from './helper-process.mjs';
import { HttpConnection } from './http-connection.mjs';

const CONNECTIONS = 4;

/**
 * @typedef {object} Plan
 * @property {string} url of the API
 * @property {string} audience a file with `token address` of one buyer a line
 * @property {string} show
 * @property {number} every milliseconds between two reads
 */

/** @type {{ version: number, at: number }[]} */
const progress = [];
let polls = 0;
let failed = 0;
let isOver = false;
/** @type {Promise<unknown>} */
let polling = Promise.resolve();

await answerRequests(async (request) => {
  if (request.poll) {
    await start(request.poll);
    return {};
  }
  isOver = true;
  await polling;
  return { polls, failed, progress };
});

/** @param {Plan} plan */
async function start(plan) {
  const url = new URL(plan.url);
  const addresses = readFileSync(plan.audience, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]);
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => HttpConnection.open(url)),
  );
  const poll = async (/** @type {HttpConnection} */ connection) => {
    const address = addresses[polls++ % addresses.length];
    const { status, body } = await connection.send(
      `GET /api/v1/shows/${plan.show} HTTP/1.1\r\nHost: ${url.host}\r\nX-Forwarded-For: ${address}\r\n\r\n`,
    );
    if (status !== 200) failed += 1;
    else see(JSON.parse(body).version);
  };
  polling = Promise.all(
    connections.map(async (connection, i) => {
      await sleep(i * plan.every);
      // One after another, so that together they read once in that time.
      while (!isOver && connection.isOpen) {
        const next = performance.now() + CONNECTIONS * plan.every;
        await poll(connection);
        await sleep(Math.max(0, next - performance.now()));
      }
      connection.close();
    }),
  );
}

/** @param {number} version */
function see(version) {
  if (version > (progress.at(-1)?.version ?? 0)) progress.push({ version, at: Date.now() });
}
