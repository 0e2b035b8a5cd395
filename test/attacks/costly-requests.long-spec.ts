import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttackedSale, figures, type Attack } from './support/attacked-sale.js';
import { repeatedly } from './support/repeatedly.js';
import { measureAgainOnNoise } from './support/measure-again.js';

measureAgainOnNoise();

const SECONDS = 5;

/** A few requests a second, each of which once took the event loop for itself. */
describe('a sale beside requests that cost much', () => {
  let sale: AttackedSale;
  let accessToken: string;
  beforeAll(async () => {
    sale = await AttackedSale.start();
    accessToken = (await sale.api.client().register()).accessToken!;
  }, 60_000);
  afterAll(() => sale.stop());

  const request = (path: string, headers: Record<string, string>, body?: string) => async () => {
    const answer = await fetch(`${sale.api.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    await answer.text();
  };
  const send = (path: string, authorization: string, body?: string) =>
    request(path, { authorization }, body);
  const attacks: [string, () => Attack][] = [
    ['headers of 15 kB', () => repeatedly(10, send('/api/v1/bookings', 'x'.repeat(15_000)))],
    [
      'a token with junk',
      () => repeatedly(50, send('/api/v1/bookings', `Bearer ${accessToken} ${'x'.repeat(14_000)}`)),
    ],
    ...[
      ['twenty thousand objects', `{"customer":[${'{},'.repeat(21_000)}{}]}`],
      ['as many as fit', `{"customer":[${'{},'.repeat(5_400)}{}]}`],
      ['nesting', `{"customer":${'['.repeat(8_000)}${']'.repeat(8_000)}}`],
      ['properties', `{${Array.from({ length: 1_800 }, (_, i) => `"p${i}":1`).join()}}`],
    ].map(([name, body]): [string, () => Attack] => [
      `a body of ${name}`,
      () => repeatedly(10, send('/api/v1/bookings', `Bearer ${accessToken}`, body)),
    ]),
    [
      'queries of two thousand parameters',
      () => repeatedly(10, send(`/api/v1/shows?${'q=a&'.repeat(2_500)}`, '')),
    ],
    [
      'lists of validators',
      () => repeatedly(10, request('/api/v1/shows', { 'if-none-match': '"a",'.repeat(3_700) })),
    ],
  ];

  it.each(attacks)('goes on as without: %s', async (name, attack) => {
    const baseline = await sale.measure(SECONDS);
    const measured = await sale.measure(SECONDS, attack());
    console.log(figures('no attack', baseline));
    console.log(figures(name, measured));
    expect(Object.keys(measured.statuses)).toEqual(['201']);
    expect(measured.holds.p50).toBeLessThan(baseline.holds.p50 * 2);
    expect(measured.holds.p99).toBeLessThan(baseline.holds.p99 * 3);
  });

  it('goes on as without, and keeps no connection: a thousand slow bodies', async () => {
    const sockets: Socket[] = [];
    let open = 0;
    const slowBodies: Attack = async (signal) => {
      const { port } = new URL(sale.api.url);
      const head = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n';
      const rest = 'Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{';
      for (let i = 0; i < 1_000; i++) {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
        open += 1;
        socket
          .on('close', () => (open -= 1))
          .resume()
          .write(head + rest);
        sockets.push(socket);
      }
      while (!signal.aborted) {
        await sleep(1_000);
        for (const socket of sockets) if (socket.writable) socket.write(' ');
      }
    };
    const baseline = await sale.measure(SECONDS);
    const measured = await sale.measure(SECONDS, slowBodies);
    console.log(figures('slow bodies', measured));
    expect(measured.holds.p50).toBeLessThan(baseline.holds.p50 * 2);
    // The time that a request has, and how often it is looked at.
    await sleep(17_000 - SECONDS * 1_000);
    expect(open).toBe(0);
  }, 60_000);
});
