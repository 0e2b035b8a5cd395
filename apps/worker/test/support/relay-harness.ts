import {
  AvailabilityUpdates,
  EventSequencer,
  OUTBOX_CLAIMS,
  OutboxClaims,
  type BookingEngine,
} from '@modex/domain';
import type { Logger } from '@modex/platform';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import { EventNumbering } from '../../src/outbox/event-numbering.js';
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
  private readonly relays = new Map<OutboxRelay, EventNumbering>();

  private constructor(readonly domain: BookingOffice) {}

  static async open(): Promise<RelayHarness> {
    return new RelayHarness(await BookingOffice.open());
  }

  async close(): Promise<void> {
    await this.stopRelays();
    await this.domain.close();
  }

  async stopRelays(): Promise<void> {
    await Promise.all([...this.relays.keys()].map((relay) => this.stop(relay)));
  }

  startRelay(transport: EventTransport): OutboxRelay {
    const { dataSource } = this.domain;
    // To the compiler the class in the sources and the one that was built are two.
    const engine = this.domain.engine as unknown as BookingEngine;
    const claims = new OutboxClaims(dataSource, { ...OUTBOX_CLAIMS, ...RETRIES });
    const throttle = new RelayThrottle(Infinity);
    const metrics = new OutboxMetrics(dataSource, this.logger, new Registry(), throttle);
    const updates = new AvailabilityUpdates();
    const { logger } = this;
    const relay = new OutboxRelay(claims, transport, metrics, throttle, logger, engine, updates);
    const sequencer = new EventSequencer(dataSource);
    const numbering = new EventNumbering(sequencer, logger, engine, updates);
    relay.onApplicationBootstrap();
    numbering.onApplicationBootstrap();
    this.relays.set(relay, numbering);
    return relay;
  }

  async stop(relay: OutboxRelay): Promise<void> {
    const numbering = this.relays.get(relay);
    this.relays.delete(relay);
    await Promise.all([relay.beforeApplicationShutdown(), numbering?.beforeApplicationShutdown()]);
  }

  /** Consecutive versions of an aggregate; resolves to its id. */
  async write(count: number, aggregateId: string = uuidv7(), from = 1): Promise<string> {
    await this.domain.database.query(
      `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
       SELECT $1, gen_random_uuid(), version, 'booking.held',
         jsonb_build_object('bookingId', 'x', 'quantity', version), clock_timestamp()
       FROM generate_series($2::int, $3::int) AS version`,
      [aggregateId, from, from + count - 1],
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
