import { expect } from '@jest/globals';
import {
  BookingAudience,
  DatabaseClock,
  encodeBookingId,
  NotificationHistory,
  NotificationPlans,
  NotificationQueue,
  type Actor,
  type Booking,
  type BookingKey,
  type DomainEvent,
  type EventType,
  type Notification,
  type Preferences,
  type Show,
  type User,
} from '@modex/domain';
import { loadConfig, type Logger } from '@modex/platform';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import { eventually } from '../../../../test/eventually.js';
import { WorkerConfig } from '../../src/config/worker-config.js';
import type { Channel } from '../../src/notifications/channel.js';
import { Links } from '../../src/notifications/links.js';
import { NotificationMetrics } from '../../src/notifications/notification-metrics.js';
import { NotificationPlanner } from '../../src/notifications/notification-planner.js';
import { NotificationSender } from '../../src/notifications/notification-sender.js';
import { createChannels } from '../../src/notifications/notifications.module.js';

export const PUBLIC_URL = 'https://tickets.example.com';
export const MAIL_FROM = 'Box office <tickets@example.com>';

/** What is recorded of a message, as the database has it. */
export type NotificationRow = Pick<
  Notification,
  'id' | 'channel' | 'kind' | 'recipient' | 'status' | 'attempts' | 'error'
> & {
  message_id: string | null;
  sent_at: Date | null;
  booking_id: string | null;
  user_id: string;
  next_attempt_at: Date;
};

interface LogLine {
  level: number;
  msg: string;
}

const SENT_WITHIN_MS = 30_000;

/** A worker with the role `notifications`, which handles and sends when it is told to. */
export interface TestWorker {
  /** Plans. Nothing is sent. */
  plan(event: DomainEvent): Promise<void>;
  /** Plans, and sends until nothing of the event is due. */
  handle(event: DomainEvent): Promise<void>;
  /** Sends until nothing is due. */
  send(): Promise<void>;
  /** Sends from now on. */
  start(): NotificationSender;
}

/** The domain on a database of its own, with workers that tell people of its events. */
export class NotificationHarness {
  readonly log: LogLine[] = [];
  private readonly logger: Logger = pino(
    { level: 'debug' },
    { write: (line) => this.log.push(JSON.parse(line) as LogLine) },
  );
  private readonly channels: Channel[] = [];
  private readonly running: NotificationSender[] = [];

  private constructor(readonly office: BookingOffice) {}

  static async open(): Promise<NotificationHarness> {
    return new NotificationHarness(await BookingOffice.open());
  }

  async close(): Promise<void> {
    await this.stopSenders();
    for (const channel of this.channels) channel.close();
    await this.office.close();
  }

  async stopSenders(): Promise<void> {
    await Promise.all(this.running.map((sender) => sender.beforeApplicationShutdown()));
    this.running.length = 0;
  }

  /** @param environment of that worker */
  newWorker(environment: NodeJS.ProcessEnv): TestWorker {
    const config = loadConfig(WorkerConfig, {
      DATABASE_URL: this.office.database.url,
      PUBLIC_URL,
      MAIL_FROM,
      NOTIFICATION_COALESCING_SECONDS: '0',
      ...environment,
    });
    const channels = createChannels(config, new Links(config), this.logger);
    this.channels.push(...channels);
    const newSender = () => this.newSender(config, channels);
    const plan = (event: DomainEvent) => this.newPlanner(config, channels).handle(event);
    const sendAll = async (eventId: string | null) => {
      const sender = newSender();
      sender.onApplicationBootstrap();
      await eventually(async () => expect(await this.dueNow(eventId)).toBe(0), SENT_WITHIN_MS);
      await sender.beforeApplicationShutdown();
    };
    return {
      plan,
      handle: async (event) => {
        await plan(event);
        await sendAll(event.id);
      },
      send: () => sendAll(null),
      start: () => {
        const sender = newSender();
        sender.onApplicationBootstrap();
        this.running.push(sender);
        return sender;
      },
    };
  }

  /** Notifications that are claimed or may be sent now, of an event or all. */
  async dueNow(eventId: string | null = null): Promise<number> {
    const [row] = await this.office.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM notifications
       WHERE status = 'PENDING' AND (next_attempt_at <= now() OR claimed_until IS NOT NULL)
         AND ($1::uuid IS NULL OR event_id = $1)`,
      [eventId],
    );
    return row!.count;
  }

  private newSender(config: WorkerConfig, channels: readonly Channel[]): NotificationSender {
    const { dataSource } = this.office;
    const { logger } = this;
    return new NotificationSender(
      new NotificationQueue(dataSource),
      new NotificationHistory(dataSource),
      new BookingAudience(dataSource),
      new DatabaseClock(dataSource),
      new NotificationMetrics(dataSource, logger, channels, new Registry()),
      channels,
      config,
      logger,
      null,
    );
  }

  private newPlanner(config: WorkerConfig, channels: readonly Channel[]): NotificationPlanner {
    const { dataSource } = this.office;
    return new NotificationPlanner(
      new BookingAudience(dataSource),
      new NotificationPlans(dataSource),
      new DatabaseClock(dataSource),
      channels,
      this.newSender(config, channels),
      config,
      null,
    );
  }

  /** Moves the time: whatever waits is due, and claims are over. */
  async passTime(): Promise<void> {
    await this.office.database.query(
      `UPDATE notifications SET next_attempt_at = now(),
         claimed_until = CASE WHEN claimed_until IS NULL THEN NULL ELSE now() END
       WHERE status = 'PENDING'`,
    );
  }

  /** @param prefix of the address */
  async person(
    preferences: Partial<Preferences> = {},
    name: string | null = null,
    prefix = '',
  ): Promise<User> {
    const { users } = this.office;
    const email = `${prefix}${uuidv7()}@example.com`;
    const { id } = await users.create({ email, passwordHash: 'none', name, role: 'CUSTOMER' });
    return users.changePreferences(id, preferences);
  }

  async hold(show: Show, user: User, quantity = 1): Promise<Booking> {
    const request = { showId: show.id, userId: user.id, quantity };
    return (await this.office.bookings.hold(request)).booking;
  }

  async confirmed(show: Show, user: User, quantity = 1): Promise<Booking> {
    const booking = await this.hold(show, user, quantity);
    return (await this.office.bookings.confirm(keyOf(booking), actor(user))).booking;
  }

  async cancel(booking: Booking): Promise<void> {
    await this.office.bookings.cancel(keyOf(booking), { userId: booking.userId, isAdmin: false });
  }

  /** The events of a show in the order of their versions. */
  async events(showId: string, type?: EventType): Promise<DomainEvent[]> {
    const events = await this.office.database.query<DomainEvent & { createdAt: Date }>(
      `SELECT id, type, aggregate_id AS "aggregateId", version, payload, created_at AS "createdAt"
       FROM outbox WHERE aggregate_id = $1 ORDER BY version`,
      [showId],
    );
    return events
      .filter((event) => type === undefined || event.type === type)
      .map((event) => ({ ...event, createdAt: event.createdAt.toISOString() }));
  }

  /** The last event of a show. */
  async lastEvent(showId: string): Promise<DomainEvent> {
    return (await this.events(showId)).at(-1)!;
  }

  /** What is recorded for an event, or for everybody. */
  recorded(eventId?: string): Promise<NotificationRow[]> {
    return this.office.database.query<NotificationRow>(
      `SELECT * FROM notifications WHERE $1::uuid IS NULL OR event_id = $1 ORDER BY id`,
      [eventId ?? null],
    );
  }
}

export const keyOf = ({ showId, id }: Booking): BookingKey => ({ showId, bookingId: id });
export const publicIdOf = (booking: Booking): string => encodeBookingId(keyOf(booking));
export const actor = ({ id }: User): Actor => ({ userId: id, isAdmin: false });
