import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { metric } from '../../../test/metric.js';

/** What every answer has, whoever gives it. */
const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-resource-policy': 'same-origin',
};

describe('security headers', () => {
  let installation: Installation;
  let api: ApiProcess;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modex-spa-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<html></html>');
    await writeFile(join(folder, 'assets', 'app.js'), '//');
    ({ installation, api } = await Installation.withApi({
      RATE_LIMIT: 'on',
      RATE_LIMIT_SIGN_INS: '1',
      PUBLIC_URL: 'https://tickets.example.com',
      MAX_HOLDS_IN_FLIGHT: '1',
      REQUEST_TIMEOUT_SECONDS: '1',
      SPA_DIR: folder,
    }));
  });
  afterAll(async () => {
    await installation.stop();
    await rm(folder, { recursive: true });
  });

  /** What is answered to these bytes: the head as one text. */
  async function send(...lines: string[]): Promise<string> {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.setEncoding('latin1').write([...lines, '', ''].join('\r\n'));
    let answer = '';
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    await once(socket, 'close');
    return answer.split('\r\n\r\n')[0]!;
  }

  const expectHeaders = (head: string, status: number) => {
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const [name, value] of Object.entries(EVERYWHERE)) {
      expect(head.toLowerCase()).toContain(`\r\n${name}: ${value.toLowerCase()}`);
    }
    const [policy = ''] = /\r\ncontent-security-policy: .*/i.exec(head) ?? [];
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/wss?:/);
  };

  const long = 'x'.repeat(20_000);
  it.each<[string, number, string[]]>([
    ['a list', 200, ['GET /api/v1/shows HTTP/1.1']],
    ['no such route', 404, ['GET /api/v1/nothing HTTP/1.1']],
    ['no such page', 404, ['GET /nothing HTTP/1.1']],
    ['the wrong method', 405, ['PUT /api/v1/shows HTTP/1.1', 'Content-Length: 0']],
    ['no such show', 404, ['GET /api/v1/shows/1 HTTP/1.1']],
    ['no token', 401, ['GET /api/v1/bookings HTTP/1.1']],
    ['a bad query', 400, ['GET /api/v1/shows?limit=0 HTTP/1.1']],
    ['a URL that cannot be decoded', 400, ['GET /api/v1/shows/%zz HTTP/1.1']],
    ['no HTTP', 400, ['NONSENSE']],
    ['headers that are too long', 431, ['GET / HTTP/1.1', `X-Long: ${long}`]],
    [
      'a body of another type',
      415,
      ['POST /api/v1/auth/refresh HTTP/1.1', 'Content-Type: a/b', 'Content-Length: 1', '', 'x'],
    ],
    [
      'a body that is too long',
      413,
      [
        'POST /api/v1/auth/logout HTTP/1.1',
        'Content-Type: application/json',
        'Content-Length: 9000',
      ],
    ],
    [
      'a body that does not end',
      408,
      ['POST /api/v1/auth/logout HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 2'],
    ],
    ['the document', 200, ['GET /api/openapi.json HTTP/1.1']],
    ['Swagger UI', 200, ['GET /api/docs HTTP/1.1']],
    ['the page', 200, ['GET /some/page HTTP/1.1', 'Accept: text/html']],
    ['the first page', 200, ['GET / HTTP/1.1']],
    ['an asset', 200, ['GET /assets/app.js HTTP/1.1']],
    ['the probes', 200, ['GET /health/live HTTP/1.1']],
    ['no websocket', 400, ['GET /socket.io/?EIO=4&transport=polling HTTP/1.1']],
  ])('come with %s (%i)', async (_, status, [first = '', ...lines]) => {
    expectHeaders(await send(first, 'Host: localhost', ...lines), status);
  });

  it('come with a list from the cache, and with its 304', async () => {
    await send('GET /api/v1/shows HTTP/1.1', 'Host: localhost');
    const hit = await send('GET /api/v1/shows HTTP/1.1', 'Host: localhost');
    expect(hit).toContain('Cache-Status: Modex; hit');
    expectHeaders(hit, 200);
    const [, etag] = /\r\nETag: (".*")/.exec(hit)!;
    expectHeaders(
      await send('GET /api/v1/shows HTTP/1.1', 'Host: localhost', `If-None-Match: ${etag}`),
      304,
    );
  });

  it('come with the refusals by rate limit and by admission control', async () => {
    const login = ['POST /api/v1/auth/login HTTP/1.1', 'Host: localhost', 'Content-Length: 0'];
    // It signs in, once.
    const admin = await api.client().registerAdmin();
    expectHeaders(await send(...login), 429);
    const { id } = await admin.createShow();
    const unlock = await installation.database.lockShow(id);
    const waiting = admin.hold(id);
    await eventually(async () =>
      expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(1),
    );
    expectHeaders(await send('POST /api/v1/bookings HTTP/1.1', 'Host: localhost'), 503);
    await unlock();
    expect((await waiting).status).toBe(201);
  });
});
