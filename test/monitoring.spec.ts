import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { eventually } from './eventually.js';
import { Installation } from './installation.js';
import { answers, readSeries, type Series } from './prometheus-text.js';
import { parseQuery, type Selector } from './promql.js';

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

interface Alert {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const read = (path: string) => readFile(join(import.meta.dirname, '..', path), 'utf8');

async function readQueries(): Promise<[title: string, query: string][]> {
  const dashboard = JSON.parse(await read('deploy/grafana/dashboards/modex.json')) as {
    panels: Panel[];
    annotations: { list: { name: string; expr: string }[] };
  };
  return [
    ...dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }): [string, string] => [title, expr]),
    ),
    ...dashboard.annotations.list.map(({ name, expr }): [string, string] => [name, expr]),
  ];
}

async function readAlerts(): Promise<Alert[]> {
  const { groups } = parse(await read('deploy/prometheus/alerts.yml')) as {
    groups: { rules: Alert[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

describe('what operators look at', () => {
  let installation: Installation;
  let folder: string;
  let series: Series[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modex-mail-'));
    installation = await Installation.create({ MAIL_DIR: folder });
    series = await seriesAfterASale(installation);
  }, 60_000);
  afterAll(async () => {
    await installation.stop();
    await rm(folder, { recursive: true });
  });

  const missing = (expression: string): string[] => {
    const { selectors, groupings } = parseQuery(expression);
    expect(selectors.length).toBeGreaterThan(0);
    const asked = series.filter(({ name }) => selectors.some((selector) => selector.name === name));
    return [
      ...selectors.filter((selector) => !asked.some((each) => answers(each, selector))).map(write),
      ...groupings.filter((label) => !asked.some(({ labels }) => label in labels)),
    ];
  };

  it('on the dashboard is there, every metric with its labels', async () => {
    const queries = await readQueries();
    expect(queries.length).toBeGreaterThan(50);
    expect(
      queries.flatMap(([title, query]) => missing(query).map((what) => `${title}: ${what}`)),
    ).toEqual([]);
  });

  it('through alerts is there, every metric with its labels', async () => {
    const alerts = await readAlerts();
    expect(alerts.length).toBeGreaterThan(20);
    expect(
      alerts.flatMap(({ alert, expr }) => missing(expr).map((what) => `${alert}: ${what}`)),
    ).toEqual([]);
  });

  it('on the dashboard is all that we measure ourselves, or an alert looks at it', async () => {
    const expressions = [
      ...(await readQueries()).map(([, query]) => query),
      ...(await readAlerts()).map(({ expr }) => expr),
    ];
    const shown = new Set(
      expressions.flatMap((each) => parseQuery(each).selectors).map(({ name }) => familyOf(name)),
    );
    const ours = series.map(({ name }) => familyOf(name)).filter((name) => /^modex_/.test(name));
    expect([...new Set(ours)].filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('every alert', () => {
  it('has its entry in the runbook, and every entry its alert', async () => {
    const alerts = await readAlerts();
    const runbook = await read('docs/runbook.md');
    const entries = [...runbook.matchAll(/^### (Modex\w+)$/gm)].map(([, name]) => name!);
    expect(entries.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { alert, annotations } of alerts) {
      const link = `{{ $externalLabels.runbook }}#${alert.toLowerCase()}`;
      expect(annotations['runbook_url']).toBe(link);
    }
  });

  it('says what is wrong and how bad it is', async () => {
    for (const { labels, annotations } of await readAlerts()) {
      expect(labels['severity']).toMatch(/^(critical|warning)$/);
      expect(annotations['summary']).toMatch(/./);
    }
  });
});

/** What API and workers show when something was sold, a message was sent and a request was shed. */
async function seriesAfterASale(installation: Installation): Promise<Series[]> {
  const nowhere = 'postgres://nobody@127.0.0.1:1/nothing';
  const [api, worker, consumer] = await Promise.all([
    installation.startApi({ MAX_HOLDS_IN_FLIGHT: '1', DATABASE_REPLICA_URLS: nowhere }),
    installation.startWorker(),
    // Metrics of RabbitMQ are there while it is away.
    installation.startWorker({ WORKER_ROLES: 'notifications', AMQP_URL: 'amqp://127.0.0.1:1' }),
  ]);
  const admin = await api.client().registerAdmin();
  const ada = await api.client().register();
  const { id } = await admin.createShow();
  const { body: booking } = await ada.hold(id, 2);
  await ada.act('confirm', booking.id);
  const unlock = await installation.database.lockShow(id);
  const holds = [ada.hold(id), ada.hold(id)];
  // The request that is shed is answered first.
  await Promise.race(holds);
  await unlock();
  const outcomes = await Promise.all(holds);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([201, 503]));

  const scrape = async (port: unknown) =>
    (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const ports = {
    api: api.process.started['metricsPort'],
    worker: worker.started['port'],
    consumer: consumer.started['port'],
  };
  await eventually(async () => {
    await ada.show(id);
    const [ofApi, ofWorker] = [await scrape(ports.api), await scrape(ports.worker)];
    expect(ofApi).toContain('modex_show_reads_total{of="show",result="hit"}');
    // An answer is counted when it is out.
    expect(ofApi).toContain('route="/api/v1/bookings",status="5xx",by="admission"}');
    expect(ofWorker).toContain('modex_notifications_total{channel="EMAIL",result="sent"} 1');
    // Looking on makes garbage, too.
    expect(ofApi).toContain('nodejs_gc_duration_seconds_sum');
  }, 10_000);
  const seriesOf = async (job: string, port: unknown) =>
    readSeries(await scrape(port)).map(({ name, labels }) => ({
      name,
      labels: { ...labels, job, instance: `127.0.0.1:${String(port)}` },
    }));
  const up = ['api', 'worker'].map((job) => ({ name: 'up', labels: { job, instance: 'x' } }));
  return [
    ...up,
    ...(await seriesOf('api', ports.api)),
    ...(await seriesOf('worker', ports.worker)),
    ...(await seriesOf('worker', ports.consumer)),
  ];
}

const familyOf = (name: string) => name.replace(/_(bucket|sum|count)$/, '');

function write({ name, matchers }: Selector): string {
  return `${name}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join()}}`;
}
