import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { metric } from '../../../test/metric.js';
import { accessToken } from './support/access-token.js';
import { HandshakeRefused, MinimalSocket } from './support/minimal-socket.js';

const ids = (count: number) => Array.from({ length: count }, randomUUID);

describe('sockets', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(() => installation.stop());

  describe('that ask much', () => {
    let api: ApiProcess;
    let admin: ApiClient;
    const open: LiveClient[] = [];
    beforeAll(async () => {
      api = await installation.startApi({ SOCKETS_PER_SECOND: '1000' });
      admin = await api.client().registerAdmin();
    });
    afterEach(() => open.splice(0).forEach((client) => client.close()));

    const connect = async (options = {}) => {
      const client = await LiveClient.connect(api.url, options);
      open.push(client);
      return client;
    };

    it('are told to wait when they have sent 20 messages, and watch what they watched', async () => {
      const { id } = await admin.createShow();
      const client = await connect();
      expect(await client.watch([id])).toEqual({ ok: true });
      for (let i = 1; i < 20; i++) expect(await client.watch([id])).toEqual({ ok: true });
      const refusal = await client.watch([]);
      expect(refusal).toMatchObject({ ok: false, code: 'RATE_LIMITED' });
      expect(refusal.retryAfterMs).toBeGreaterThan(0);
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(1_000);
      await (await api.client().register()).hold(id);
      await eventually(() => expect(client.counters(id)).toMatchObject({ heldSlots: 1 }));
      await sleep(refusal.retryAfterMs);
      expect(await client.watch([])).toEqual({ ok: true });
    });

    it('are told to wait when they have named 1,000 shows', async () => {
      const client = await connect();
      for (let i = 0; i < 5; i++) expect(await client.watch(ids(200))).toEqual({ ok: true });
      const refusal = await client.watch(ids(200));
      expect(refusal).toMatchObject({ ok: false, code: 'RATE_LIMITED' });
      expect(refusal.retryAfterMs).toBeGreaterThan(2_000);
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(4_000);
      expect(await client.watch([])).toEqual({ ok: true });
    });

    it('have one budget for whatever they ask, known or not', async () => {
      const client = await connect();
      for (let i = 0; i < 10; i++) {
        expect(await client.authenticate('forged')).toMatchObject({ code: 'UNAUTHORIZED' });
        expect(await client.ask('nonsense', {})).toMatchObject({ code: 'UNKNOWN_EVENT' });
      }
      for (const event of ['watchShows', 'authenticate', 'nonsense', 'error', '__proto__']) {
        expect(await client.ask(event, {})).toMatchObject({ code: 'RATE_LIMITED' });
      }
    });

    const floods: Record<string, (socket: WebSocket) => void> = {
      'what they watch': (socket) =>
        socket.send(`421${JSON.stringify(['watchShows', { ids: ids(200) }])}`),
      tokens: (socket) => socket.send('421["authenticate",{"token":"x"}]'),
      'events without a request': (socket) => socket.send('42["watchShows"]'),
      'unknown events': (socket) => socket.send('42["error",1]'),
      answers: (socket) => socket.send('431[]'),
      'requests for other namespaces': (socket) => socket.send('40/other,'),
      heartbeats: (socket) => socket.send('3'),
      'frames of the protocol below': (socket) => socket.ping(),
      'answers of the protocol below': (socket) => socket.pong(),
    };
    it.each(Object.entries(floods))('are disconnected when they flood with %s', async (_, send) => {
      const before = await metric(api, 'modex_flooding_sockets_closed_total');
      const bystander = await connect();
      const flooder = await MinimalSocket.connect(api.url);
      for (let i = 0; i < 200 && !flooder.isClosed; i++) {
        send(flooder.socket);
        if (i % 20 === 0) await sleep(1);
      }
      await eventually(() => expect(flooder.isClosed).toBe(true));
      expect(await metric(api, 'modex_flooding_sockets_closed_total')).toBe(before + 1);
      expect(await bystander.watch('all')).toEqual({ ok: true });
    });

    const bad: Record<string, (socket: WebSocket) => void> = {
      'something binary': (socket) => socket.send(Buffer.from('x')),
      'parts of a message': (socket) => socket.send('452-["watchShows",{"_placeholder":true}]'),
      'more than a message may have': (socket) => socket.send(`42["${'x'.repeat(20_000)}"]`),
      'no packet': (socket) => socket.send('nonsense'),
      'no JSON': (socket) => socket.send('42[{'),
      'arrays without end': (socket) => socket.send(`42${'['.repeat(8_000)}`),
    };
    it.each(Object.entries(bad))('are disconnected when they send %s', async (kind, send) => {
      const socket = await MinimalSocket.connect(api.url);
      send(socket.socket);
      if (kind === 'parts of a message') socket.socket.send(Buffer.alloc(10));
      await eventually(() => expect(socket.isClosed).toBe(true));
    });

    it('get no second connection for one handshake, nor two sockets when they ask at once', async () => {
      const path = `${api.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(path);
      const [data] = (await once(socket, 'message')) as [Buffer];
      const { sid } = JSON.parse(data.toString().slice(1)) as { sid: string };
      const second = new WebSocket(`${path}&sid=${sid}`);
      const [, response] = (await once(second, 'unexpected-response')) as [unknown, TcpSocket];
      expect(response).toMatchObject({ statusCode: 400 });
      for (let i = 0; i < 2; i++) socket.send('40');
      await once(socket, 'close');
    });

    it('are refused elsewhere at once, and from foreign pages; programs name no page', async () => {
      const elsewhere = new WebSocket(`${api.url.replace('http', 'ws')}/elsewhere`);
      const [, response] = (await once(elsewhere, 'unexpected-response')) as [unknown, TcpSocket];
      expect(response).toMatchObject({ statusCode: 404 });
      await expect(
        MinimalSocket.connect(api.url, {}, { origin: 'https://evil.example.com' }),
      ).rejects.toEqual(new HandshakeRefused(403, 'FORBIDDEN'));
      await (await MinimalSocket.connect(api.url)).close();
    });
  });

  describe('of one address', () => {
    const MOST = 5;
    let api: ApiProcess;
    const open: MinimalSocket[] = [];
    beforeAll(async () => {
      api = await installation.startApi({
        SOCKETS_PER_ADDRESS: String(MOST),
        SOCKETS_PER_SECOND: '1000',
        TRUST_PROXY_HOPS: '1',
      });
    });
    afterEach(() => Promise.all(open.splice(0).map((socket) => socket.close())));

    const connect = async (address: string, auth = {}) => {
      const socket = await MinimalSocket.connect(api.url, auth, { 'x-forwarded-for': address });
      open.push(socket);
      return socket;
    };
    const refused = new HandshakeRefused(429, 'TOO_MANY_CONNECTIONS');

    it('are refused past the limit; the address is what the nearest proxy says', async () => {
      for (let i = 0; i < MOST; i++) await connect('10.1.1.1');
      await expect(connect('10.1.1.1')).rejects.toEqual(refused);
      await expect(connect('192.0.2.1, 10.1.1.1')).rejects.toEqual(refused);
      await connect('10.1.1.1, 10.1.1.2');
      expect(await metric(api, 'modex_sockets_refused_total{reason="address"}')).toBe(2);
    });

    it.each([
      ['the proxy names', { 'x-forwarded-for': '10.3.3.3' }],
      ['the connection has', {}],
    ])('are counted for a while after they flooded, by the address that %s', async (_, headers) => {
      for (let i = 0; i < MOST; i++) {
        const flooder = await MinimalSocket.connect(api.url, {}, headers);
        for (let sent = 0; sent < 200; sent++) flooder.socket.send('42["x"]');
        await eventually(() => expect(flooder.isClosed).toBe(true));
      }
      await expect(MinimalSocket.connect(api.url, {}, headers)).rejects.toEqual(refused);
      await connect('10.3.3.4');
    });

    it('share the limit within an IPv6 network', async () => {
      for (let i = 0; i < MOST; i++) await connect(`2001:db8:1:2::${i}`);
      await expect(connect('2001:db8:1:2:3:4:5:6')).rejects.toEqual(refused);
      await connect('2001:db8:1:3::1');
    });

    const bare = (): Promise<WebSocket> => {
      const url = `${api.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(url, { headers: { 'x-forwarded-for': '10.2.2.2' } });
      return once(socket, 'open').then(() => socket);
    };
    const ways: Record<string, () => Promise<unknown>> = {
      'they close': async () => (await connect('10.2.2.2')).socket.close(),
      'their line breaks': async () => (await connect('10.2.2.2')).socket.terminate(),
      'they are refused': () =>
        connect('10.2.2.2', { token: 'forged' }).then(
          () => Promise.reject(new Error('not refused')),
          () => {},
        ),
      'they leave without having said who they are': async () => (await bare()).terminate(),
      'they speak nonsense': async () => (await bare()).send('nonsense'),
    };
    it.each(Object.entries(ways))('are not counted any more when %s', async (_, leave) => {
      for (let round = 0; round < 3; round++) {
        await Promise.all(Array.from({ length: MOST }, leave));
        await eventually(async () => {
          const all = await Promise.allSettled(
            Array.from({ length: MOST }, () => connect('10.2.2.2')),
          );
          await Promise.all(open.splice(0).map((socket) => socket.close()));
          expect(all.map(({ status }) => status)).toEqual(Array(MOST).fill('fulfilled'));
        });
      }
    });
  });

  describe('of one account', () => {
    const MOST = 3;
    let api: ApiProcess;
    let me: { id: string; role: 'CUSTOMER' };
    const open: LiveClient[] = [];
    beforeAll(async () => {
      api = await installation.startApi({ SOCKETS_PER_ACCOUNT: String(MOST) });
      me = { id: (await api.client().register()).userId, role: 'CUSTOMER' };
    });
    afterEach(() => open.splice(0).forEach((client) => client.close()));

    const connect = async (token: string | null) => {
      const client = await LiveClient.connect(api.url, { token });
      open.push(client);
      return client;
    };

    it('are refused past the limit, also when they come at once, until one leaves', async () => {
      const token = accessToken(me);
      const settled = await Promise.allSettled(Array.from({ length: 20 }, () => connect(token)));
      const reasons = settled.flatMap((each) =>
        each.status === 'rejected' ? [each.reason as Error & { data: unknown }] : [],
      );
      expect(reasons).toHaveLength(20 - MOST);
      for (const { message, data } of reasons) {
        expect(message).toBe('TOO_MANY_CONNECTIONS');
        expect(data).toMatchObject({ ok: false, code: 'TOO_MANY_CONNECTIONS' });
      }
      await connect(null);
      open[0]!.close();
      await eventually(async () => void (await connect(token)));
      await expect(connect(token)).rejects.toThrow('TOO_MANY_CONNECTIONS');
    });

    it('are counted when they say later who they are, and until their token ends', async () => {
      const until = Date.now() + 3_000;
      for (let i = 0; i < MOST - 1; i++) await connect(accessToken(me));
      await connect(accessToken(me, 2));
      const visitor = await connect(null);
      const token = accessToken(me);
      expect(await visitor.authenticate(token)).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
      // A newer token of a socket that is counted already.
      expect(await open[0]!.authenticate(token)).toEqual({ ok: true });
      await sleep(until - Date.now());
      await eventually(async () => expect(await visitor.authenticate(token)).toEqual({ ok: true }));
      await expect(connect(token)).rejects.toThrow('TOO_MANY_CONNECTIONS');
    });
  });

  it('whose caller hung up while it waited give up their place to those behind', async () => {
    const api = await installation.startApi({ SOCKETS_PER_SECOND: '10' });
    const { hostname, port } = new URL(api.url);
    const waiting = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = connectTcp(Number(port), hostname);
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.write(
          [
            'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
            'Host: here',
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Version: 13',
            `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
            '',
            '',
          ].join('\r\n'),
        );
        return socket;
      }),
    );
    await sleep(300);
    for (const [i, socket] of waiting.entries()) {
      if (i % 2) socket.resetAndDestroy();
      else socket.destroy();
    }
    await sleep(100);
    const started = performance.now();
    const socket = await MinimalSocket.connect(api.url);
    // Thirty before it would have been three seconds.
    expect(performance.now() - started).toBeLessThan(1_000);
    await socket.close();
    await eventually(async () => expect(await metric(api, 'modex_sockets')).toBe(0));
  });
});
