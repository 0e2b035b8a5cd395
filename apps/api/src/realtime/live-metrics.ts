import { DatabaseClock } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 10, 30];

const REFUSALS = ['overloaded', 'address', 'account'];

/** Metrics of the sockets of this process. */
@Injectable()
export class LiveMetrics {
  readonly slowConsumersEvicted: Counter;
  readonly floodingSockets: Counter;
  readonly refusedSockets: Counter<'reason'>;
  private readonly lag: Histogram;

  constructor(
    private readonly clock: DatabaseClock,
    private readonly registry: Registry,
  ) {
    const registers = [registry];
    this.slowConsumersEvicted = new Counter({
      name: 'modex_slow_consumers_evicted_total',
      help: 'Sockets closed because their client did not read.',
      registers,
    });
    this.floodingSockets = new Counter({
      name: 'modex_flooding_sockets_closed_total',
      help: 'Sockets closed because they sent more than their budget.',
      registers,
    });
    this.refusedSockets = new Counter({
      name: 'modex_sockets_refused_total',
      help: 'Refused handshakes: the accept queue was full, or the address or the account had its maximum of sockets.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REFUSALS) this.refusedSockets.inc({ reason }, 0);
    this.lag = new Histogram({
      name: 'modex_broadcast_lag_seconds',
      help: "Time from a commit, of this process or another, to this instance's sockets: of each delivery its oldest.",
      buckets: SECONDS,
      registers,
    });
  }

  countSockets(count: () => number): void {
    const gauge = new Gauge({
      name: 'modex_sockets',
      help: 'Connected sockets.',
      registers: [],
      collect() {
        this.set(count());
      },
    });
    this.registry.registerMetric(gauge);
  }

  /** @param since the oldest commit in this delivery, ISO 8601 */
  observeDelivery(since: string): void {
    void this.clock.now().then((now) => {
      this.lag.observe(Math.max(0, now.getTime() - Date.parse(since)) / 1_000);
    });
  }
}
