import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5,
  1, 2, 5, 10,
];

interface Source<Report> {
  subscribe(listener: (report: Report) => void): unknown;
}

/** The reports of a booking engine. */
export interface ObservedEngine {
  /** Queued commands of each lane. */
  depths(): number[];
  batches: Source<{ waitsMs: readonly number[]; tookMs: number }>;
  transactions: Source<{
    lockMs: number | null;
    events: ReadonlyMap<string, number>;
    error?: unknown;
  }>;
}

/** @param resultOf names why a transaction failed */
export function observeEngine(
  registry: Registry,
  engine: ObservedEngine,
  resultOf: (error: unknown) => string,
): void {
  const registers = [registry];
  const wait = new Histogram({
    name: 'modex_lane_wait_seconds',
    help: 'Time from a command to the start of its batch.',
    buckets: SECONDS,
    registers,
  });
  const duration = new Histogram({
    name: 'modex_batch_duration_seconds',
    help: 'Duration of a batch, with its transaction and retries.',
    buckets: SECONDS,
    registers,
  });
  const size = new Histogram({
    name: 'modex_batch_commands',
    help: 'Commands that shared a batch.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers,
  });
  const lockWait = new Histogram({
    name: 'modex_lock_wait_seconds',
    help: 'Time that a transaction took to lock its shows or to fail, including the round trip.',
    buckets: SECONDS,
    registers,
  });
  const transactions = new Counter({
    name: 'modex_transactions_total',
    help: 'Transactions of the ledger, by result.',
    labelNames: ['result'],
    registers,
  });
  const events = new Counter({
    name: 'modex_domain_events_total',
    help: 'Domain events of bookings and shows, by type.',
    labelNames: ['type'],
    registers,
  });
  const depth = new Gauge({
    name: 'modex_lane_depth',
    help: 'Queued commands of a lane.',
    labelNames: ['lane'],
    registers: [],
    collect() {
      for (const [lane, count] of engine.depths().entries()) this.set({ lane }, count);
    },
  });
  registry.registerMetric(depth);
  transactions.inc({ result: 'committed' }, 0);
  engine.batches.subscribe(({ waitsMs, tookMs }) => {
    for (const waitMs of waitsMs) wait.observe(waitMs / 1_000);
    duration.observe(tookMs / 1_000);
    size.observe(waitsMs.length);
  });
  engine.transactions.subscribe((transaction) => {
    const { lockMs, error } = transaction;
    if (lockMs !== null) lockWait.observe(lockMs / 1_000);
    transactions.inc({ result: error === undefined ? 'committed' : resultOf(error) });
    for (const [type, count] of transaction.events) events.inc({ type }, count);
  });
}
