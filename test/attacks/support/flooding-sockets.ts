import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import type { Attack } from './attacked-sale.js';

export interface Flood {
  url: string;
  sockets: number;
  /** Of all sockets together. */
  messagesPerSecond: number;
  /** Engine.IO packets, sent in turn. */
  packets: string[];
  /** As `X-Forwarded-For` says. */
  address: string;
  /** Whether a socket that was closed connects again at once. */
  returns?: boolean;
}

/** What became of it. */
export interface Flooded {
  connected: number;
  refused: number;
  closed: number;
  sent: number;
  answered: number;
}

const SCRIPT = `
  import { setTimeout as sleep } from 'node:timers/promises';
  import { WebSocket } from 'ws';

  const { url, address, sockets, messagesPerSecond, packets, returns } = JSON.parse(process.argv[1]);
  const EVERY_MS = 20;
  const perTick = (messagesPerSecond / sockets) * (EVERY_MS / 1_000);
  const seen = { connected: 0, refused: 0, closed: 0, sent: 0, answered: 0 };
  let isOver = false;

  function connect() {
    const socket = new WebSocket(url.replace('http', 'ws') + '/socket.io/?EIO=4&transport=websocket', {
      headers: { 'x-forwarded-for': address },
    });
    let timer;
    let due = 0;
    socket.on('open', () => socket.send('40'));
    socket.on('unexpected-response', () => (seen.refused += 1, socket.terminate()));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const text = data.toString('latin1', 0, 2);
      if (text[0] === '2') socket.send('3');
      if (text === '43') seen.answered += 1;
      if (text !== '40') return;
      seen.connected += 1;
      timer = setInterval(() => {
        for (due += perTick; due >= 1; due -= 1) {
          if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > 1_000_000) continue;
          socket.send(packets[seen.sent++ % packets.length]);
        }
      }, EVERY_MS);
    });
    socket.on('close', () => {
      clearInterval(timer);
      seen.closed += 1;
      if (returns && !isOver) setTimeout(connect, 10);
    });
  }

  for (let i = 0; i < sockets; i++) connect();
  process.stdin.resume().on('end', () => {
    isOver = true;
    console.log(JSON.stringify(seen));
    process.exit();
  });
`;

/** Sockets that send more than anybody has to say, from a process of their own. */
export function flood(plan: Flood, tell: (flooded: Flooded) => void = () => {}): Attack {
  return async (signal) => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', SCRIPT, JSON.stringify(plan)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    signal.addEventListener('abort', () => child.stdin.end(), { once: true });
    tell((await json(child.stdout)) as Flooded);
  };
}
