import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';

/** Later than this no slow request is open. Milliseconds. */
const TIMEOUT_MS = 3_500;

describe('a request that comes slowly', () => {
  let installation: Installation;
  let api: ApiProcess;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi({ REQUEST_TIMEOUT_SECONDS: '2' }));
  });
  afterAll(() => installation.stop());

  const open = (url = api.url): Socket => {
    const { port } = new URL(url);
    return connect(Number(port), '127.0.0.1').setEncoding('latin1');
  };

  /** Sends the text, then a byte each 100 ms. Resolves to what was answered once the connection ends. */
  async function drip(socket: Socket, text: string, byte: string): Promise<string> {
    let answer = '';
    socket.on('data', (data: string) => (answer += data)).on('error', () => {});
    socket.write(text);
    const timer = setInterval(() => socket.write(byte), 100);
    await closed(socket, TIMEOUT_MS);
    clearInterval(timer);
    return answer;
  }

  const HEAD = 'Host: localhost\r\nContent-Type: application/json\r\n';
  it('is 408, whichever part of it is slow', async () => {
    const slow = [
      [`POST /api/v1/auth/login HTTP/1.1\r\n${HEAD}Content-Length: 5000\r\n\r\n`, ' '],
      [
        `POST /api/v1/auth/login HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
        '1\r\n \r\n',
      ],
      [`GET /api/v1/shows HTTP/1.1\r\nHost: localhost\r\n`, 'X-A: b\r\n'],
      ['GET /api/v1/shows HTTP/1.1\r\nX-Long: ', 'x'],
      ['GET /', 'x'],
    ] as const;
    const answers = await Promise.all(slow.map(([text, byte]) => drip(open(), text, byte)));
    for (const answer of answers) {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(
        /^HTTP\/1.1 408 Request Timeout\r\nContent-Type: application\/problem\+json/,
      );
      expect(JSON.parse(body)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
    }
  });

  it('is cut off where it was refused already, and where nothing came at all', async () => {
    const unauthorized = `POST /api/v1/bookings HTTP/1.1\r\n${HEAD}Content-Length: 5000\r\n\r\n`;
    expect(await drip(open(), unauthorized, ' ')).toMatch(/^HTTP\/1.1 401 /);
    const silent = open();
    let answer = '';
    silent.on('data', (data: string) => (answer += data));
    await closed(silent, TIMEOUT_MS);
    expect(answer).toBe('');
  });

  it('is cut off at the port of the operators', async () => {
    const socket = open(api.metricsUrl);
    socket.on('error', () => {}).write('GET /metrics HTTP/1.1\r\nX-Long: ');
    const timer = setInterval(() => socket.write('x'), 100);
    await expect(closed(socket, 8_000)).resolves.toBeUndefined();
    clearInterval(timer);
  });

  it('has nothing to do with idle connections, slow answers and sockets: they stay', async () => {
    const admin = await api.client().registerAdmin();
    const { id } = await admin.createShow();
    const live = await LiveClient.connect(api.url);
    const idle = open();
    const request = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
    idle.write(request);
    await once(idle, 'data');
    const unlock = await installation.database.lockShow(id);
    const waiting = admin.hold(id);
    await sleep(TIMEOUT_MS);
    await unlock();
    expect((await waiting).status).toBe(201);
    idle.write(request);
    expect((await once(idle, 'data')).join('')).toMatch(/^HTTP\/1.1 200 /);
    idle.destroy();
    expect(live.socket.connected).toBe(true);
    live.socket.close();
  });
});

/** A connection may break on the way to its end. */
function closed(socket: Socket, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the connection is still open')), withinMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
