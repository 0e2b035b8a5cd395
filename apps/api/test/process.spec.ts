import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, TEST_SECRET, type ApiProcess } from '../../../test/installation.js';
import { metric } from '../../../test/metric.js';
import { ServerProcess } from '../../../test/server-process.js';

describe('the API process', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    admin = await api.client().registerAdmin();
  });
  afterAll(() => installation.stop());

  it('survives that PostgreSQL drops its connections', async () => {
    const { id } = await admin.createShow();
    await installation.database
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
           AND application_name LIKE 'modex%'`,
      )
      .catch(() => {});
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin.hold(id)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  });

  it('finishes what is in flight when it is asked to stop, and ends with 0', async () => {
    const stopping = await installation.startApi();
    const buyer = await stopping.client().register();
    const { id } = await admin.createShow({ totalSlots: 50 });
    const unlock = await installation.database.lockShow(id);
    const holds = Array.from({ length: 20 }, () => buyer.hold(id));
    await eventually(async () =>
      expect(await metric(stopping, 'modex_requests_in_flight{kind="holds"}')).toBe(20),
    );
    const exited = stopping.process.stop('SIGTERM');
    await eventually(() =>
      expect(stopping.process.log.map(({ msg }) => msg)).toContain('stopping'),
    );
    // Time enough to cut them off.
    await sleep(1_000);
    await unlock();
    const answers = await Promise.all(holds);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(await exited).toBe(0);
    expect(await admin.show(id)).toMatchObject({ heldSlots: 20 });
    expect(stopping.process.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });

  it('answers its probes, and shows its metrics on a port of its own', async () => {
    const anyone = api.client();
    expect((await anyone.request('GET', '/health/live')).status).toBe(200);
    expect(await anyone.request('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { database: 'ok', ledger: 'ok' } },
    });
    const port = String(api.process.started['metricsPort']);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(
      /modex_http_request_duration_seconds_count\{method="GET",route="\/health\/ready",status="2xx",by="handler"\} \d/,
    );
    expect((await anyone.request('GET', '/metrics')).status).toBe(404);
  });

  it('documents itself', async () => {
    const { body } = await api.client().request('GET', '/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/api/v1/bookings/{id}/confirm');
    const page = await api.client().request('GET', '/api/docs');
    expect(page.status).toBe(200);
    expect(page.body).toContain('swagger-ui');
  });

  it('says at its start which variable nothing reads, and how far its clock is off', async () => {
    const minutesAhead = 'const now = Date.now; Date.now = () => now() + 300_000';
    const { process } = await installation.startApi({
      REDIS_URI: 'redis://:hunter2@redis',
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(minutesAhead)}"`,
    });
    const warnings = process.log.filter(({ level }) => level === 40).map(({ msg }) => msg);
    expect(warnings).toEqual([
      'Nothing reads the variable REDIS_URI: is REDIS_URL meant?',
      'The clock of this host is 5.0 minutes ahead of that of the database (DATABASE_URL): set both by NTP.',
    ]);
    expect(JSON.stringify(process.log)).not.toContain('hunter2');
  });

  it.each([
    [
      'a URL without a scheme',
      { DATABASE_URL: 'localhost:5432/modex' },
      /DATABASE_URL .* no scheme/,
    ],
    [
      'a password that is not escaped',
      { DATABASE_URL: 'postgres://modex:p@ss/word#1@localhost:5432/modex' },
      /DATABASE_URL .* in user and password .* %40/,
    ],
    ['another one', { REDIS_URL: 'redis:6379' }, /REDIS_URL must be a redis:.* it has no scheme/],
    ['a variable that is missing', { JWT_SECRET: '' }, /JWT_SECRET is required/],
    ['a short secret', { JWT_SECRET: 'short' }, /JWT_SECRET must have at least 32 characters/],
    ['a port that is none', { PORT: 'http' }, /PORT must be an integer/],
    ['a hold of no time', { HOLD_SECONDS: '0' }, /HOLD_SECONDS must not be less than 1/],
    ['no database there', { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /Cannot use the database/],
    [
      'no page to serve',
      { SPA_DIR: '/nonexistent' },
      /SPA_DIR \(\/nonexistent\) has no index.html/,
    ],
  ])('does not start with %s, and says so', async (_, environment, message) => {
    const starting = ServerProcess.start('api', {
      DATABASE_URL: installation.database.url,
      JWT_SECRET: TEST_SECRET,
      PORT: '0',
      METRICS_PORT: '0',
      ...environment,
    });
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toThrow('ended with 1');
  });

  it('never shows a secret when it complains', async () => {
    const starting = ServerProcess.start('api', {
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      JWT_SECRET: 'hunter2',
    });
    await expect(starting).rejects.toThrow(/DATABASE_URL must be a postgres:/);
    await expect(starting).rejects.not.toThrow(/hunter2/);
  });

  it('says which port is taken', async () => {
    const { port } = new URL(api.url);
    await expect(installation.startApi({ PORT: port })).rejects.toThrow(
      `Port ${port} is taken by another program; set PORT to a free one.`,
    );
  });
});
