import { v7 as uuidv7 } from 'uuid';
import { DataSource } from 'typeorm';
import { isDistributed } from '../../../../test/citus-cluster.mjs';
import { createTestDatabase, type TestDatabase } from '../../../../test/test-database.js';
import { auditShows } from '../../src/bookings/audit.js';
import { BookingEngine } from '../../src/ledger/booking-engine.js';
import { BookingsReader } from '../../src/bookings/bookings.reader.js';
import { BookingsService } from '../../src/bookings/bookings.service.js';
import { HoldExpiry } from '../../src/bookings/hold-expiry.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { dataSourceOptions, type ConnectionSettings } from '../../src/database/data-source.js';
import type { RoleTimeouts } from '../../src/database/role-timeouts.js';
import type { ShowFields } from '../../src/shows/show-fields.js';
import { Show } from '../../src/shows/show.entity.js';
import { onPrimary } from '../../src/database/read-source.js';
import { ShowsSearch } from '../../src/shows/shows-search.js';
import { ShowsReader } from '../../src/shows/shows.reader.js';
import { ShowsService } from '../../src/shows/shows.service.js';
import { UsersService } from '../../src/users/users.service.js';

export const HOLD_SECONDS = 120;
export const GROUP_COMMIT = {
  lanes: 2,
  maxBatch: 300,
  maxKeysPerBatch: isDistributed() ? 1 : 100,
  maxQueuePerKey: 2_000,
  maxQueuePerLane: 4_000,
  maxWaitMs: 5_000,
};
export const SHARDING = {
  sharded: isDistributed(),
  idempotencyAcrossShows: !isDistributed(),
};
const HOUR_MS = 3_600_000;

interface OfficeOptions {
  timeouts?: Partial<RoleTimeouts>;
  /** How its pool connects; the URL is made from the database's own. */
  connection?: Partial<Omit<ConnectionSettings, 'url'>>;
  url?: (url: string) => string;
}

/** The domain on a real database of its own, with factories for what tests need. */
export class BookingOffice {
  readonly engine: BookingEngine;
  readonly bookings: BookingsService;
  readonly shows: ShowsService;
  readonly showsReader: ShowsReader;
  readonly showsSearch: ShowsSearch;
  readonly bookingsReader: BookingsReader;
  readonly users: UsersService;
  readonly ledger: Ledger;

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {
    this.ledger = new Ledger(dataSource, SHARDING);
    this.engine = new BookingEngine(this.ledger, GROUP_COMMIT);
    this.bookings = new BookingsService(this.engine, HOLD_SECONDS);
    this.shows = new ShowsService(dataSource, this.engine);
    this.showsReader = new ShowsReader(onPrimary(dataSource));
    this.showsSearch = new ShowsSearch(onPrimary(dataSource));
    this.bookingsReader = new BookingsReader(dataSource);
    this.users = new UsersService(dataSource);
  }

  static async open({ timeouts, connection, url }: OfficeOptions = {}): Promise<BookingOffice> {
    const database = await createTestDatabase(timeouts);
    const dataSource = new DataSource(
      dataSourceOptions({
        url: url?.(database.url) ?? database.url,
        applicationName: 'test',
        poolSize: 12,
        ...connection,
      }),
    );
    await dataSource.initialize();
    return new BookingOffice(database, dataSource);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }

  /** A second worker, which knows nothing of the first. */
  newExpiry(): HoldExpiry {
    return new HoldExpiry(this.dataSource, this.engine);
  }

  /** A show that is open for sale and starts tomorrow. */
  createShow(fields: Partial<ShowFields> = {}): Promise<Show> {
    return this.shows.create({
      title: 'A show',
      description: '',
      kind: 'EVENT',
      venue: null,
      origin: null,
      destination: null,
      practitioner: null,
      region: null,
      startsAt: new Date(Date.now() + 24 * HOUR_MS),
      endsAt: null,
      bookingOpensAt: null,
      bookingClosesAt: null,
      cancelUntil: null,
      timeZone: 'Asia/Kolkata',
      totalSlots: 10,
      maxSlotsPerUser: null,
      holdSeconds: null,
      ...fields,
    });
  }

  async createUser(): Promise<string> {
    const email = `${uuidv7()}@example.com`;
    const user = await this.users.create({ email, passwordHash: 'none', role: 'CUSTOMER' });
    return user.id;
  }

  async createUsers(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.createUser()));
  }

  /** Moves the time: every hold of the show expired this long ago. */
  async lapseHolds(showId: string, secondsAgo = 1): Promise<void> {
    await this.database.query(
      `UPDATE bookings SET expires_at = now() - make_interval(secs => $2)
       WHERE show_id = $1 AND status = 'PENDING'`,
      [showId, secondsAgo],
    );
  }

  show(id: string): Promise<Show> {
    return this.dataSource.manager.findOneByOrFail(Show, { id });
  }

  /** Available, held and confirmed slots, by the show's counters. */
  async counters(id: string): Promise<{ available: number; held: number; confirmed: number }> {
    const { availableSlots, heldSlots, totalSlots } = await this.show(id);
    const confirmed = totalSlots - availableSlots - heldSlots;
    return { available: availableSlots, held: heldSlots, confirmed };
  }

  /** Shows that break the invariant `available + held + confirmed = total`. */
  async drifts(): Promise<number> {
    return (await auditShows(this.dataSource)).drifts.length;
  }
}
