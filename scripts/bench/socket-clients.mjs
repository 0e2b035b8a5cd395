// Thousands of clients that watch one show. They speak as little of Engine.IO 4 and Socket.IO 5 as
// that takes: a client library would need more CPU than the server on the same machine.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { answerRequests } from './helper-process.mjs';
import { LowWatermark } from './low-watermark.mjs';

/** Fewer than an API process accepts in a second. */
const CONNECTIONS_PER_SECOND = 400;
const READY_WITHIN_MS = 60_000;

/**
 * @typedef {object} Plan
 * @property {string} url of the API
 * @property {string} users a file with `token address` of one virtual user a line
 * @property {string} show
 * @property {number} count
 */

let show = '';
const counts = { messages: 0, resyncs: 0, lost: 0 };
let watermark = new LowWatermark(0);
/** All clients get the same text, which is parsed once. */
let parsed = { text: '', version: 0, isResync: false };

answerRequests(async (/** @type {{ connect?: Plan, reset?: number }} */ { connect, reset }) => {
  if (connect) await connectAll(connect);
  if (reset) {
    Object.assign(counts, { messages: 0, resyncs: 0 });
    watermark = new LowWatermark(reset);
  }
  return { ...counts, progress: watermark.progress };
});

/** @param {Plan} plan */
async function connectAll(plan) {
  show = plan.show;
  const url = `${plan.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const lines = readFileSync(plan.users, 'utf8').trim().split('\n');
  const connecting = [];
  for (let i = 0; i < plan.count; i++) {
    if (i % 20 === 0) await sleep(20_000 / CONNECTIONS_PER_SECOND);
    connecting.push(watch(i, url, String(lines[i % lines.length]?.split(' ')[1])));
  }
  await Promise.all(connecting);
}

/**
 * @param {number} client
 * @param {string} url
 * @param {string} address
 * @returns {Promise<void>} once it watches
 */
function watch(client, url, address) {
  const headers = { 'X-Forwarded-For': address };
  const socket = new WebSocket(url, { perMessageDeflate: false, headers });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a socket got no answer')), READY_WITHIN_MS);
    socket.on('error', reject);
    socket.on('close', () => {
      counts.lost += 1;
      reject(new Error('a socket was closed'));
    });
    socket.on('message', (data) => {
      const text = /** @type {Buffer} */ (data).toString();
      if (text.startsWith('42["showsUpdated",')) see(client, text);
      else if (text === '2') socket.send('3');
      else if (text.startsWith('0')) socket.send('40');
      else if (text.startsWith('40')) socket.send(`420["watchShows",{"ids":["${show}"]}]`);
      else if (text.startsWith('44')) reject(new Error(`a socket was refused: ${text}`));
      else if (text.startsWith('430')) {
        clearTimeout(late);
        resolve();
      }
    });
  });
}

/** @param {number} client @param {string} text */
function see(client, text) {
  if (text !== parsed.text) {
    const [, { shows = [], resync = false }] = JSON.parse(text.slice(2));
    const found = shows.find((/** @type {{ id: string }} */ { id }) => id === show);
    parsed = { text, version: found?.version ?? 0, isResync: resync };
  }
  counts.messages += 1;
  if (parsed.isResync) counts.resyncs += 1;
  watermark.see(client, parsed.version, Date.now());
}
