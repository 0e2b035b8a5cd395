import {
  AvailabilityUpdates,
  OUTBOX_CLAIMS,
  OutboxClaims,
  type BookingEngine,
} from '@modex/domain';
import type { Logger } from '@modex/platform';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import { OutboxMetrics } from '../../src/outbox/outbox-metrics.js';
import { OutboxRelay } from '../../src/outbox/outbox-relay.js';
import { RelayThrottle } from '../../src/outbox/relay-throttle.js';
import type { EventTransport } from '../../src/outbox/transports/event-transport.js';

/** Quick, so that a test need not wait. */
export const RETRIES = { retryDelayMs: () => 50, maxAttempts: 4, maxTransientAttempts: 8 };

interface LogLine {
  level: number;
  msg: string;
}

/** The domain on its own database; writes events and starts relays. */
export class RelayHarness {
  readonly log: LogLine[] = [];
  readonly logger: Logger = pino(
    { level: 'debug' },
    { write: (line) => this.log.push(JSON.parse(line)) },
  );
  private readonly relays = new Set<OutboxRelay>();

  private constructor(readonly domain: BookingOffice) {}

  static async open(): Promise<RelayHarness> {
    return new RelayHarness(await BookingOffice.open());
  }

  async close(): Promise<void> {
    await this.stopRelays();
    await this.domain.close();
  }

  async stopRelays(): Promise<void> {
    await Promise.all([...this.relays].map((relay) => this.stop(relay)));
  }

  startRelay(transport: EventTransport): OutboxRelay {
    const { dataSource } = this.domain;
    // To the compiler the class in the sources and the one that was built are two.
    const engine = this.domain.engine as unknown as BookingEngine;
    const claims = new OutboxClaims(dataSource, { ...OUTBOX_CLAIMS, ...RETRIES });
    const throttle = new RelayThrottle(Infinity);
    const metrics = new OutboxMetrics(dataSource, this.logger, new Registry(), throttle);
    const news = new AvailabilityUpdates();
    const relay = new OutboxRelay(claims, transport, metrics, throttle, this.logger, engine, news);
    relay.onApplicationBootstrap();
    this.relays.add(relay);
    return relay;
  }

  async stop(relay: OutboxRelay): Promise<void> {
    this.relays.delete(relay);
    await relay.beforeApplicationShutdown();
  }

  /** Events with versions from 1 on; resolves to their aggregate. */
  async write(count: number): Promise<string> {
    const aggregateId = uuidv7();
    await this.domain.database.query(
      `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
       SELECT $1, gen_random_uuid(), version, 'booking.held',
         jsonb_build_object('bookingId', 'x', 'quantity', version), clock_timestamp()
       FROM generate_series(1, $2::int) AS version`,
      [aggregateId, count],
    );
    return aggregateId;
  }

  /** Several aggregates at once. */
  writeMany(aggregates: number, each: number): Promise<string[]> {
    return Promise.all(Array.from({ length: aggregates }, () => this.write(each)));
  }

  async count(condition: string): Promise<number> {
    const [row] = await this.domain.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM outbox WHERE ${condition}`,
    );
    return row!.count;
  }
}
