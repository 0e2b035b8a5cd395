import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import { findBroker, newPrefix, RABBITMQ_MISSING } from '../../../test/rabbitmq-server.js';
import type { ServerProcess } from '../../../test/server-process.js';
import { TraceCollector } from '../../../test/trace-collector.js';

const PATIENCE_MS = 15_000;

/** API and worker that send their traces to a collector. */
class TracedInstallation {
  private constructor(
    readonly collector: TraceCollector,
    readonly installation: Installation,
    readonly api: ApiProcess,
    readonly worker: ServerProcess,
    private readonly folder: string,
  ) {}

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<TracedInstallation> {
    const collector = await TraceCollector.start();
    const folder = await mkdtemp(join(tmpdir(), 'modex-mail-'));
    const installation = await Installation.create({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      MAIL_DIR: folder,
      ...environment,
    });
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    return new TracedInstallation(collector, installation, api, worker, folder);
  }

  async stop(): Promise<void> {
    await this.installation.stop();
    await this.collector.stop();
    await rm(this.folder, { recursive: true });
  }
}

/** @param traceId the trace that the confirm comes with */
async function bookAndConfirm(api: ApiProcess, traceId: string): Promise<void> {
  const admin = await api.client().registerAdmin();
  const ada = await api.client().register();
  const { id } = await admin.createShow({ title: 'A play' });
  const { body: booking } = await ada.hold(id, 2);
  const answer = await ada.request('POST', `/api/v1/bookings/${booking.id}/confirm`, {
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': `of-${traceId}` },
  });
  expect(answer.status).toBe(200);
}

describe('traces', () => {
  let traced: TracedInstallation;
  beforeAll(async () => {
    traced = await TracedInstallation.start();
  });
  afterAll(() => traced.stop());

  it('lead from the request that brought one to the mail', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await bookAndConfirm(traced.api, traceId);
    await eventually(() => {
      const spans = traced.collector.trace(traceId);
      const way = [
        ['POST /api/v1/bookings/:id/confirm', 'modex-api'],
        ['command Confirm', 'modex-api'],
        ['relay booking.confirmed', 'modex-worker'],
        ['handle notifications', 'modex-worker'],
        ['plan notifications', 'modex-worker'],
        ['send EMAIL', 'modex-worker'],
      ];
      let parentSpanId = '00f067aa0ba902b7';
      for (const [name, service] of way) {
        const span = spans.get(name!);
        expect([name, span]).toMatchObject([name, { service, parentSpanId }]);
        parentSpanId = span!.spanId;
      }
      const command = spans.get('command Confirm')!;
      const batch = spans.get('batch')!;
      const transaction = spans.get('transaction')!;
      expect(batch.parentSpanId).toBe(command.spanId);
      expect(transaction.parentSpanId).toBe(batch.spanId);
      expect(spans.get('lock')!.parentSpanId).toBe(transaction.spanId);
    }, PATIENCE_MS);
    const request = traced.collector.trace(traceId).get('POST /api/v1/bookings/:id/confirm')!;
    expect(request.attributes).toMatchObject({
      'http.response.status_code': 200,
      'modex.request_id': `of-${traceId}`,
    });
    expect(traced.api.process.log).toContainEqual(
      expect.objectContaining({ msg: 'answered', requestId: `of-${traceId}`, traceId }),
    );
  });

  it('meet in the batch that they share, and each leads to its own event', async () => {
    const { api, collector, installation } = traced;
    const admin = await api.client().registerAdmin();
    const ada = await api.client().register();
    const { id: showId } = await admin.createShow({ totalSlots: 100 });
    const unlock = await installation.database.lockShow(showId);
    const ids = Array.from({ length: 5 }, (_, i) => `${i + 1}`.repeat(32));
    // Whoever comes while the first waits for the lock shares the next batch.
    const holds = ids.map((traceId) =>
      ada.request('POST', '/api/v1/bookings', {
        body: { showId, quantity: 1 },
        headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      }),
    );
    await eventually(async () => {
      const text = await (await fetch(api.metricsUrl)).text();
      expect(text).toMatch(/modex_lane_depth\{lane="\d"\} [1-9]/);
    });
    await unlock();
    for (const { status } of await Promise.all(holds)) expect(status).toBe(201);
    await eventually(() => {
      const batches = collector.spans.filter(
        ({ name, traceId }) => name === 'batch' && ids.includes(traceId),
      );
      expect(batches.map(({ attributes }) => attributes['modex.commands'])).not.toEqual([]);
      const served = batches.flatMap(({ traceId, links }) => [
        traceId,
        ...links.map((link) => link.traceId),
      ]);
      expect(served.toSorted()).toEqual(ids);
      expect(batches.some(({ links }) => links.length > 0)).toBe(true);
    }, PATIENCE_MS);
    const rows = await installation.database.query<{ trace: string }>(
      `SELECT substr(trace_parent, 4, 32) AS trace FROM outbox
       WHERE aggregate_id = $1 AND type = 'booking.held' ORDER BY 1`,
      [showId],
    );
    expect(rows.map(({ trace }) => trace)).toEqual(ids);
  });

  it('are not made of requests that say that nobody follows them', async () => {
    const { api, collector, installation } = traced;
    const admin = await api.client().registerAdmin();
    const { id: showId } = await admin.createShow();
    const ada = await api.client().register();
    const traceId = 'abababababababababababababababab';
    await ada.request('POST', '/api/v1/bookings', {
      body: { showId, quantity: 1 },
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-00` },
    });
    const [row] = await installation.database.query<{ trace_parent: string | null }>(
      `SELECT trace_parent FROM outbox WHERE aggregate_id = $1 AND type = 'booking.held'`,
      [showId],
    );
    expect(row).toEqual({ trace_parent: null });
    expect(collector.trace(traceId).size).toBe(0);
  });
});

describeWith('traces over RabbitMQ', findBroker(), RABBITMQ_MISSING, (startBroker) => {
  it('lead from the request to the mail too', async () => {
    const broker = await startBroker();
    const traced = await TracedInstallation.start({
      AMQP_URL: broker.url,
      AMQP_PREFIX: newPrefix(),
    });
    try {
      // While its queue is being made an event may be sent twice, and two would have handled it.
      const before = 'beefbeefbeefbeefbeefbeefbeefbe00';
      await bookAndConfirm(traced.api, before);
      await eventually(
        () => expect(traced.collector.trace(before).get('send EMAIL')).toBeDefined(),
        PATIENCE_MS,
      );
      const traceId = 'c0ffeec0ffeec0ffeec0ffeec0ffee00';
      await bookAndConfirm(traced.api, traceId);
      await eventually(() => {
        const spans = traced.collector.trace(traceId);
        const publish = spans.get('publish booking.confirmed');
        expect(publish?.parentSpanId).toBe(spans.get('command Confirm')!.spanId);
        const handle = spans.get('handle notifications');
        expect(handle?.parentSpanId).toBe(publish!.spanId);
        const plan = spans.get('plan notifications');
        expect(plan?.parentSpanId).toBe(handle!.spanId);
        expect(spans.get('send EMAIL')?.parentSpanId).toBe(plan!.spanId);
      }, PATIENCE_MS);
    } finally {
      await traced.stop();
      await broker.destroy();
    }
  }, 90_000);
});

describe('without a collector', () => {
  it('nothing is followed', async () => {
    const { installation, api } = await Installation.withApi();
    try {
      const admin = await api.client().registerAdmin();
      const { id: showId } = await admin.createShow();
      const ada = await api.client().register();
      await ada.request('POST', '/api/v1/bookings', {
        body: { showId, quantity: 1 },
        headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      });
      const rows = await installation.database.query('SELECT trace_parent FROM outbox');
      expect(rows).toEqual([{ trace_parent: null }, { trace_parent: null }]);
      await eventually(() => {
        const answered = api.process.log.filter(({ msg }) => msg === 'answered');
        expect(answered.length).toBeGreaterThan(2);
        for (const line of answered) expect(line).not.toHaveProperty('traceId');
      });
    } finally {
      await installation.stop();
    }
  });

  it('OpenTelemetry is not even loaded', async () => {
    expect(await loadedAfter('undefined')).toBe(0);
    expect(await loadedAfter(`{ endpoint: 'http://127.0.0.1:1', share: 1 }`)).toBeGreaterThan(10);
  });
});

/** How many files of OpenTelemetry a process has loaded that was told these settings. */
async function loadedAfter(settings: string): Promise<number> {
  const program = `
    import Module from 'node:module';
    const { startLogging } = await import('./libs/platform/dist/index.js');
    await startLogging({ LOG_LEVEL: 'silent', tracing: ${settings} }, 'test');
    const files = Object.keys(Module._cache);
    console.log(files.filter((file) => /opentelemetry.(sdk|exporter|otlp|core)/.test(file)).length);
  `;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
