import {
  BookingAudience,
  DatabaseClock,
  encodeBookingId,
  NotificationRecord,
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
import { createLogger, loadConfig } from '@modex/platform';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import { WorkerConfig } from '../../src/config/worker-config.js';
import type { Channel } from '../../src/notifications/channel.js';
import { NotificationSender } from '../../src/notifications/notification-sender.js';
import { Links } from '../../src/notifications/links.js';
import { NotificationPlanner } from '../../src/notifications/notification-planner.js';
import { NotificationHandler } from '../../src/notifications/notification-handler.js';
import { createChannels } from '../../src/notifications/notifications.module.js';

export const PUBLIC_URL = 'https://tickets.example.com';
export const MAIL_FROM = 'Box office <tickets@example.com>';

/** What is recorded of a message, as the database has it. */
export type NotificationRow = Pick<
  Notification,
  'id' | 'channel' | 'kind' | 'recipient' | 'status' | 'attempts' | 'error'
> & { message_id: string | null; sent_at: Date | null; booking_id: string | null };

/** The domain on a database of its own, with handlers that tell people of its facts. */
export class NotificationHarness {
  private readonly channels: Channel[] = [];
  private readonly senders = new Map<NotificationHandler, NotificationSender>();

  private constructor(readonly office: BookingOffice) {}

  static async open(): Promise<NotificationHarness> {
    return new NotificationHarness(await BookingOffice.open());
  }

  async close(): Promise<void> {
    for (const channel of this.channels) channel.close();
    await this.office.close();
  }

  /** A worker's handler. @param environment of that worker */
  newHandler(environment: NodeJS.ProcessEnv): NotificationHandler {
    const config = loadConfig(WorkerConfig, {
      DATABASE_URL: this.office.database.url,
      PUBLIC_URL,
      MAIL_FROM,
      ...environment,
    });
    const logger = createLogger('test', 'silent');
    const { dataSource } = this.office;
    const clock = new DatabaseClock(dataSource);
    const channels = createChannels(config, new Links(config), logger);
    this.channels.push(...channels);
    const record = new NotificationRecord(dataSource, clock);
    const sender = new NotificationSender(record, channels, logger, new Registry(), null);
    const planner = new NotificationPlanner(new BookingAudience(dataSource), clock);
    const handler = new NotificationHandler(planner, sender, config);
    this.senders.set(handler, sender);
    return handler;
  }

  /** From now on a worker does not retryWithBackoff on anything: what fails stays undone, as if it had died. */
  die(handler: NotificationHandler): void {
    handler.onModuleDestroy();
    this.senders.get(handler)!.onModuleDestroy();
  }

  async person(preferences: Partial<Preferences> = {}, name: string | null = null): Promise<User> {
    const { users } = this.office;
    const email = `${uuidv7()}@example.com`;
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

  /** The facts of a show, as a relay hands them on: in the order of their versions. */
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

  /** The last fact of a show. */
  async lastEvent(showId: string): Promise<DomainEvent> {
    return (await this.events(showId)).at(-1)!;
  }

  /** What is recorded for a fact, or for everybody. */
  recorded(eventId?: string): Promise<NotificationRow[]> {
    return this.office.database.query(
      `SELECT * FROM notifications WHERE $1::uuid IS NULL OR event_id = $1 ORDER BY id`,
      [eventId ?? null],
    );
  }
}

export const keyOf = ({ showId, id }: Booking): BookingKey => ({ showId, bookingId: id });
export const publicIdOf = (booking: Booking): string => encodeBookingId(keyOf(booking));
export const actor = ({ id }: User): Actor => ({ userId: id, isAdmin: false });
