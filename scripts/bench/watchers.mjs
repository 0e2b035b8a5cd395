// Thousands who watch one show, in a process of their own: as little of Engine.IO 4 and Socket.IO 5
// as that takes, since what a client library spends is missing from what is measured.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { answerRequests } from './helper-process.mjs';
import { LastToSee } from './last-to-see.mjs';

const READY_WITHIN_MS = 60_000;
const PING = '2';
const PONG = '3';
const OPENED = '0';
const CONNECT = '40';
const REFUSED = '44';
const WATCH = '420';
const WATCHING = '430';
const UPDATE = '42["showsUpdated",';

/**
 * @typedef {object} Plan
 * @property {string} url of the API
 * @property {string} audience a file with `token address` of one buyer a line
 * @property {string} show
 * @property {number} count
 * @property {number} perSecond connections opened in a second
 */

/** @type {WebSocket[]} */
const sockets = [];
let show = '';
let lost = 0;
let resyncs = 0;
let messages = 0;
let since = 0;
/** @type {LastToSee | null} */
let last = null;

/** The same text goes to all of them, and need not be read by each. */
let read = { text: '', version: 0, isResync: false };

await answerRequests((request) => {
  if (request.connect) return connectAll(request.connect);
  return request.begin ? begin() : report();
});

/** @param {Plan} plan */
async function connectAll(plan) {
  const addresses = readFileSync(plan.audience, 'utf8')
    .trim()
    .split('\n')
    .map((line) => String(line.split(' ')[1]));
  const url = `${plan.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  show = plan.show;
  const started = performance.now();
  /** @type {Promise<void>[]} */
  const ready = [];
  for (let i = 0; i < plan.count; i++) {
    const early = started + (i / plan.perSecond) * 1_000 - performance.now();
    if (early > 0) await sleep(early);
    ready.push(watch(i, url, String(addresses[i % addresses.length])));
  }
  await Promise.all(ready);
  return { seconds: (performance.now() - started) / 1_000 };
}

/**
 * @param {number} who
 * @param {string} url
 * @param {string} address
 * @returns {Promise<void>} when the server has said that it watches
 */
function watch(who, url, address) {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    headers: { 'X-Forwarded-For': address },
  });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a socket was not served')), READY_WITHIN_MS);
    socket.on('error', reject);
    socket.on('close', () => {
      lost += 1;
      reject(new Error('a socket was closed'));
    });
    socket.on('message', (data) => {
      const text = /** @type {Buffer} */ (data).toString();
      if (text.startsWith(UPDATE)) see(who, text);
      else if (text === PING) socket.send(PONG);
      else if (text.startsWith(CONNECT)) {
        socket.send(`${WATCH}["watchShows",${JSON.stringify({ ids: [show] })}]`);
      } else if (text.startsWith(REFUSED)) reject(new Error(`a socket was refused: ${text}`));
      else if (text.startsWith(OPENED)) socket.send(CONNECT);
      else if (text.startsWith(WATCHING)) {
        clearTimeout(late);
        resolve();
      }
    });
  });
}

/**
 * @param {number} who
 * @param {string} text
 */
function see(who, text) {
  if (text !== read.text) {
    const [, { shows = [], resync = false }] = JSON.parse(text.slice(2));
    const found = shows.find((/** @type {{ id: string }} */ { id }) => id === show);
    read = { text, version: found?.version ?? 0, isResync: resync };
  }
  messages += 1;
  if (read.isResync) resyncs += 1;
  last?.see(who, read.version, Date.now());
}

/** From here on it counts. */
function begin() {
  messages = 0;
  resyncs = 0;
  since = performance.now();
  last = new LastToSee(sockets.length);
  return {};
}

function report() {
  const seconds = (performance.now() - since) / 1_000;
  return { seconds, messages, resyncs, lost, progress: last?.progress ?? [] };
}
