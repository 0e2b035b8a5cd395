import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { auditShows } from '../../src/bookings/audit.js';
import { BookingEngine } from '../../src/ledger/booking-engine.js';
import { BookingsReader } from '../../src/bookings/bookings.reader.js';
import { BookingsService } from '../../src/bookings/bookings.service.js';
import { Hold } from '../../src/bookings/commands/hold.js';
import { HoldExpiry } from '../../src/bookings/hold-expiry.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { onPrimary } from '../../src/database/read-source.js';
import { MissedBroadcasts } from '../../src/availability/missed-broadcasts.js';
import { BookingAudience } from '../../src/notifications/booking-audience.js';
import { NotificationHistory } from '../../src/notifications/notification-history.js';
import { NotificationPlans } from '../../src/notifications/notification-plans.js';
import { NotificationQueue } from '../../src/notifications/notification-queue.js';
import { readPendingNotifications } from '../../src/notifications/notification-status.js';
import { NotificationsReader } from '../../src/notifications/notifications.reader.js';
import { EventSequencer, readEventStreamLag } from '../../src/outbox/event-sequencer.js';
import { EventStream } from '../../src/outbox/event-stream.js';
import { OUTBOX_CLAIMS, OutboxClaims } from '../../src/outbox/outbox-claims.js';
import { readOutboxStatus } from '../../src/outbox/outbox-status.js';
import { pruneOutbox } from '../../src/outbox/prune-outbox.js';
import { redriveOutbox } from '../../src/outbox/redrive-outbox.js';
import { DeleteShow } from '../../src/shows/commands/delete-show.js';
import { EditShow } from '../../src/shows/commands/edit-show.js';
import { fillSearchTexts } from '../../src/shows/fill-search-texts.js';
import { searchPatterns } from '../../src/shows/search-text.js';
import { ShowsReader } from '../../src/shows/shows.reader.js';
import { ShowsService } from '../../src/shows/shows.service.js';
import { fillCanonicalEmails } from '../../src/users/fill-canonical-emails.js';
import { pruneRefreshTokens } from '../../src/users/prune-refresh-tokens.js';
import { RefreshTokensService } from '../../src/users/refresh-tokens.service.js';
import { GROUP_COMMIT, HOLD_SECONDS, type BookingOffice } from '../support/booking-office.js';

/** The settings of a process on a sharded database. */
const SETTINGS = { sharded: true, idempotencyAcrossShows: false };
const ONE_SHOW_A_BATCH = { ...GROUP_COMMIT, maxKeysPerBatch: 1 };

/**
 * Does everything that the domain can do to a database, so that every statement of it is sent, as a
 * process on a sharded database sends it.
 */
export class AllStatements {
  private readonly dataSource: DataSource;
  private readonly ledger: Ledger;
  private readonly engine: BookingEngine;
  private readonly bookings: BookingsService;
  private readonly shows: ShowsService;
  private readonly showsReader: ShowsReader;

  constructor(private readonly office: BookingOffice) {
    this.dataSource = office.dataSource;
    this.ledger = new Ledger(this.dataSource, SETTINGS);
    this.engine = new BookingEngine(this.ledger, ONE_SHOW_A_BATCH);
    this.bookings = new BookingsService(this.engine, HOLD_SECONDS, { maxHeldSlots: 100 });
    this.shows = new ShowsService(this.dataSource, this.engine);
    this.showsReader = new ShowsReader(onPrimary(this.dataSource));
  }

  async accounts(): Promise<void> {
    const { users } = this.office;
    const email = `${uuidv7()}@example.com`;
    const { id } = await users.create({ email, passwordHash: 'none', role: 'CUSTOMER' });
    await users.create({ email, passwordHash: 'none', role: 'CUSTOMER' }).catch(() => {});
    await users.findById(id);
    await users.findByEmail(email);
    await users.promote(id, 'new');
    await users.renewPasswordHash(id, 'new', 'other');
    await fillCanonicalEmails(this.dataSource.manager);
    await users.changePreferences(id, { phone: '+15005550006', smsNotifications: true });

    const tokens = new RefreshTokensService(this.dataSource, 60);
    const account = { id, passwordHash: 'other' };
    const { token } = (await tokens.issue(account))!;
    await tokens.rotate(token);
    await tokens.rotate(token);
    await this.office.database.query(
      `UPDATE refresh_tokens SET rotated_at = now() - interval '1 hour' WHERE user_id = $1`,
      [id],
    );
    await tokens.rotate(token);
    await tokens.revoke((await tokens.issue(account))!.token);
    await pruneRefreshTokens(this.dataSource, 10);
  }

  /** Several shows at once, so that batches of more than one could be made. */
  async sales(): Promise<void> {
    const { office, bookings, shows, dataSource } = this;
    const [userId, other] = (await office.createUsers(2)) as [string, string];
    const actor = { userId, isAdmin: false };
    const [show, narrow, doomed] = await Promise.all([
      office.createShow({ totalSlots: 20, maxSlotsPerUser: 10 }),
      office.createShow({ totalSlots: 2 }),
      office.createShow(),
    ]);
    const hold = (showId: string, quantity: number, idempotencyKey?: string) =>
      bookings.hold({ showId, userId, quantity, idempotencyKey });
    const [{ booking }, second] = await Promise.all([
      hold(show.id, 3, 'key'),
      hold(narrow.id, 2),
      hold(doomed.id, 1),
      hold(show.id, 3, 'key'),
    ]);
    const key = { showId: show.id, bookingId: booking.id };
    await Promise.all([
      bookings.confirm(key, actor),
      bookings.confirm({ showId: narrow.id, bookingId: second.booking.id }, actor),
    ]);
    await bookings.reduce(key, actor, 2);
    await shows.edit(show.id, { title: 'Another', maxSlotsPerUser: 5 }, null);
    await bookings.cancel(key, actor);

    // What is short is taken back from holds that have lapsed, and told when it is held.
    await bookings.cancel({ showId: narrow.id, bookingId: second.booking.id }, actor);
    await hold(narrow.id, 2);
    await hold(narrow.id, 1).catch(() => {});
    await office.lapseHolds(narrow.id);
    // With a key the ledger is asked, and not the memory of what was sold out a moment ago.
    const request = { showId: narrow.id, quantity: 2, idempotencyKey: 'late' };
    await bookings.hold({ ...request, userId: other });
    await shows.edit(narrow.id, { totalSlots: 1 }, null).catch(() => {});

    await this.sweep(narrow.id);
    await shows.cancel(doomed.id);
    await shows.delete(doomed.id, null).catch(() => {});
    await shows.delete((await shows.create(doomed)).id, null).catch(() => {});
    await shows.delete((await office.createShow()).id, null);
    await auditShows(dataSource);
  }

  /** The same once more, as after a COMMIT whose answer was lost. */
  async repetitions(): Promise<void> {
    const { id: showId } = await this.office.createShow();
    const userId = await this.office.createUser();
    const hold = new Hold({ showId, userId, quantity: 1 }, HOLD_SECONDS);
    const edit = new EditShow(showId, { title: 'Again' }, null);
    for (const command of [hold, edit, new DeleteShow(showId, null)]) {
      await this.ledger.run([command]);
      await this.ledger.run([command], { outcomeUnknown: true });
    }
  }

  async reading(): Promise<void> {
    const { dataSource, showsReader } = this;
    const userId = await this.office.createUser();
    const shows = await Promise.all([1, 2].map(() => this.office.createShow({ totalSlots: 1 })));
    // All of it held, of two shows: that is when the time of the next release is asked for.
    await Promise.all(
      shows.map(({ id }) => this.bookings.hold({ showId: id, userId, quantity: 1 })),
    );
    const now = new Date();
    const from = new Date(0);
    await showsReader.list({ from }, 100);
    await showsReader.list({ endsAfter: now }, 100, { startsAt: now, id: userId });
    await showsReader.list(
      { from, to: new Date(8e15), kind: 'BUS', region: 'x', availableAt: now },
      10,
      { startsAt: now, id: userId },
    );
    await this.office.showsSearch.find(
      {
        patterns: searchPatterns('a show'),
        filter: { from, kind: 'BUS', region: 'x', availableAt: now },
        limit: 10,
      },
      500,
    );
    await this.office.database.query(`UPDATE shows SET search_text = NULL WHERE id = $1`, [
      shows[0]!.id,
    ]);
    await fillSearchTexts(dataSource.manager, 10);
    await showsReader.find(shows[0]!.id);

    const reader = new BookingsReader(dataSource);
    const afterId = uuidv7();
    for (const status of [undefined, 'PENDING', 'CONFIRMED', 'CANCELLED'] as const) {
      await reader.findOfUser(userId, { limit: 5, now, status, afterId });
      await reader.findOfShow(shows[0]!.id, { limit: 5, now, status });
    }
    await reader.find({ showId: shows[0]!.id, bookingId: afterId });
    await new MissedBroadcasts(dataSource, showsReader).find();
  }

  async relaying(): Promise<void> {
    const { dataSource } = this;
    for (let i = 0; i < 3; i++) await this.office.createShow();
    const claims = new OutboxClaims(dataSource, { ...OUTBOX_CLAIMS, maxAttempts: 1 });
    const patient = new OutboxClaims(dataSource);
    const [first, last, ...rest] = await claims.claim(1_000);
    const error = new Error('no');
    await claims.extend([first!.claimId]);
    await claims.settle([
      { claimed: first!, kind: 'failed', error },
      ...rest.map((claimed) => ({ claimed, kind: 'published' as const })),
    ]);
    await patient.settle([{ claimed: last!, kind: 'failed', error }]);
    await this.office.createShow();
    const again = await patient.claim(10);
    await patient.settle(again.map((claimed) => ({ claimed, kind: 'released' })));
    await new EventSequencer(dataSource, 2).assignPositions();
    await readEventStreamLag(dataSource);
    await new EventStream(dataSource).read(0, 10);
    await readOutboxStatus(dataSource);
    await redriveOutbox(dataSource);
    await pruneOutbox(dataSource, 10);
  }

  async telling(): Promise<void> {
    const { dataSource } = this;
    const { id: showId } = await this.office.createShow();
    const userId = await this.office.createUser();
    const { booking } = await this.bookings.hold({ showId, userId, quantity: 1 });
    const key = { showId, bookingId: booking.id };
    await this.bookings.confirm(key, { userId, isAdmin: false });
    const audience = new BookingAudience(dataSource);
    await audience.findUser(userId);
    await audience.findShow(showId);
    await audience.find(showId, [booking.id]);
    await audience.confirmedOf(userId, showId);
    for await (const page of audience.confirmed(showId, 1)) void page;

    const recipient = 'somebody@example.com';
    const to = { userId, channel: 'EMAIL' as const, recipient };
    await new NotificationPlans(dataSource).add(
      {
        eventId: uuidv7(),
        kind: 'BOOKING_CONFIRMED',
        showId,
        details: { occurredAt: new Date().toISOString() },
      },
      [{ ...to, bookingId: booking.id }],
    );
    await readPendingNotifications(dataSource);
    const queue = new NotificationQueue(dataSource);
    const [claim] = await queue.claim('EMAIL', 10);
    const sentAt = new Date();
    await queue.settle(claim!.claimedUntil, [
      { id: claim!.rows[0].id, status: 'SENT', attempted: true, sentAt },
    ]);
    const history = new NotificationHistory(dataSource);
    await history.toldOf(userId, showId, 'EMAIL');
    await history.allowedAt(to, { perRecipient: 1, perAccount: 1, windowMs: 1_000 }, sentAt);
    await new NotificationsReader(dataSource).find({
      limit: 1,
      status: 'SENT',
      channel: 'EMAIL',
      userId,
      showId,
      afterId: uuidv7(),
    });
  }

  /** While a show is locked it is skipped, and waited for when that lasts. */
  private async sweep(showId: string): Promise<void> {
    await this.office.lapseHolds(showId);
    const expiry = new HoldExpiry(this.dataSource, this.engine);
    const unlock = await this.office.database.lockShow(showId);
    await expiry.sweep();
    await unlock();
    await expiry.sweep();
  }
}
