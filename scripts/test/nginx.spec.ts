import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../../test/eventually.js';
import { describeWith } from '../../test/optional.js';
import { findPrograms } from '../cluster/find-programs.mjs';
import { nginxProgram } from '../cluster/nginx.mjs';
import { Place } from '../cluster/place.mjs';
import type { Program } from '../cluster/program.mjs';
import { lastingPort } from '../launcher/ports.mjs';
import { ROOT } from './launcher-process.js';

const { programs, missing } = findPrograms(process.env);
const SHOW = JSON.stringify({ title: 'A show', description: 'x'.repeat(5_000) });

/** Stands for an API. */
class Instance {
  requests: string[] = [];
  /** Paths that it answers 503, and those that it does not answer. */
  unavailable = /^$/;
  silent = /^$/;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Instance> {
    const server = createServer((request, response) => {
      const { method, url = '' } = request;
      instance.requests.push(`${method} ${url}`);
      if (instance.silent.test(url)) return;
      const status = instance.unavailable.test(url) ? 503 : 200;
      response.writeHead(status, { 'content-type': 'application/json', etag: '"1-1"' }).end(SHOW);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const instance = new Instance(server, (server.address() as AddressInfo).port);
    return instance;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describeWith('nginx before two instances', programs, missing ?? '', (found) => {
  let place: Place;
  let nginx: Program;
  let url: string;
  let instances: Instance[];
  beforeAll(async () => {
    place = await Place.create();
    instances = [await Instance.start(), await Instance.start()];
    const port = await lastingPort();
    url = `http://127.0.0.1:${port}`;
    const apiPorts = instances.map((instance) => instance.port);
    nginx = nginxProgram({ root: ROOT, programs: found, place, port, apiPorts });
    await nginx.start();
  }, 60_000);
  afterAll(async () => {
    await nginx?.stop();
    for (const instance of instances ?? []) instance.stop();
    place?.remove();
  });
  beforeEach(() => {
    for (const instance of instances) {
      Object.assign(instance, { requests: [], unavailable: /^$/, silent: /^$/ });
    }
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers });

  it('serves on what instances have while they answer 503 to everything else', async () => {
    for (const instance of instances) instance.unavailable = /bookings/;
    for (let n = 0; n < 20; n++) {
      expect((await get(`/api/v1/bookings?${n}`)).status).toBe(503);
      expect((await get('/api/v1/shows')).status).toBe(200);
    }
    // A 503 is the answer of one instance, and asked of no other.
    expect(instances.flatMap(({ requests }) => requests)).toHaveLength(40);
  });

  it('is ready as long as one of them is', async () => {
    instances[0]!.unavailable = /ready/;
    for (let n = 0; n < 6; n++) expect((await get('/health/ready')).status).toBe(200);
    instances[1]!.unavailable = /ready/;
    expect((await get('/health/ready')).status).toBe(503);
  });

  it('compresses a single show, whose ETag becomes weak', async () => {
    const response = await get('/api/v1/shows/1', { 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('etag')).toBe('W/"1-1"');
    expect(await response.text()).toBe(SHOW);
  });

  it.each([
    ['headers that are too long', { 'x-long': 'x'.repeat(40_000) }, 431, 'HEADERS_TOO_LARGE'],
    ['a condition that the page does not meet', { 'if-match': '"x"' }, 412, 'PRECONDITION_FAILED'],
  ])('refuses %s with a problem and security headers', async (_, headers, status, code) => {
    const answer = await get('/', headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("base-uri 'none'");
    expect(await answer.json()).toMatchObject({ status, code });
  });

  it('gives up an instance that does not answer, repeats no command, and logs the request as it came', async () => {
    for (const instance of instances) instance.silent = /bookings/;
    const since = performance.now();
    const answers = await Promise.all([
      fetch(`${url}/api/v1/bookings`, { method: 'POST', body: '{}' }),
      fetch(`${url}/api/v1/bookings/1`),
    ]);
    expect(performance.now() - since).toBeLessThan(12_500);
    const codes = answers.map(async (answer) => {
      const { code } = (await answer.json()) as { code: string };
      return [answer.status, code];
    });
    expect(await Promise.all(codes)).toEqual([
      [503, 'OUTCOME_UNKNOWN'],
      [503, 'UNAVAILABLE'],
    ]);
    const posts = instances.flatMap(({ requests }) =>
      requests.filter((each) => /^POST/.test(each)),
    );
    expect(posts).toEqual(['POST /api/v1/bookings']);
    await eventually(() => {
      const log = readFileSync(join(place.logs, 'nginx.log'), 'utf8');
      expect(log).toMatch(/"request":"POST \/api\/v1\/bookings HTTP\/1\.1","status":503/);
    });
  });
});
