import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Booking, DomainEvent, User } from '@modex/domain';
import pg from 'pg';
import { eventually } from '../../../test/eventually.js';
import { MailServer } from './support/mail-server.js';
import {
  actor,
  keyOf,
  NotificationHarness,
  type TestWorker,
} from './support/notification-harness.js';
import { calendarsIn, codesIn } from '../../../test/read-mail.js';

let harness: NotificationHarness;
let server: MailServer;
let worker: TestWorker;
beforeAll(async () => {
  [harness, server] = await Promise.all([NotificationHarness.open(), MailServer.start()]);
  worker = harness.newWorker({ SMTP_URL: server.url });
});
afterEach(async () => {
  await harness.stopSenders();
  server.received.length = 0;
  server.refuse = () => undefined;
  server.beforeAccepting = () => Promise.resolve();
});
afterAll(async () => {
  await harness.close();
  await server.stop();
});

/** Everything that a show has to tell so far. */
const tellAll = async (showId: string, by = worker) => {
  for (const event of await harness.events(showId)) await by.handle(event);
};
const subjects = ({ email }: User) => server.to(email).map(({ subject }) => subject);
const confirmation = async (): Promise<{ ada: User; booking: Booking; event: DomainEvent }> => {
  const show = await harness.office.createShow();
  const ada = await harness.person();
  const booking = await harness.confirmed(show, ada);
  return { ada, booking, event: await harness.lastEvent(show.id) };
};

describe('who is told', () => {
  it('of a booking: its owner, once it is confirmed and when it is cancelled', async () => {
    const show = await harness.office.createShow();
    const ada = await harness.person();
    const booking = await harness.confirmed(show, ada);
    await tellAll(show.id);
    await harness.cancel(booking);
    await tellAll(show.id);
    expect(subjects(ada)).toEqual(['Booking confirmed: A show', 'Booking cancelled: A show']);
  });

  it('of a hold: nobody, neither when it is made nor reduced, given back or lapsed', async () => {
    const show = await harness.office.createShow();
    const ada = await harness.person();
    const given = await harness.hold(show, ada, 2);
    await harness.office.bookings.reduce(keyOf(given), actor(ada), 1);
    await harness.cancel(given);
    await harness.hold(show, ada);
    await harness.office.lapseHolds(show.id);
    await harness.office.newExpiry().sweep();
    expect((await harness.events(show.id)).map(({ type }) => type)).toEqual([
      'show.created',
      'booking.held',
      'booking.reduced',
      'booking.cancelled',
      'booking.held',
      'booking.expired',
    ]);
    await tellAll(show.id);
    expect(subjects(ada)).toEqual([]);
  });

  it('of a hold: its owner where NOTIFY_HOLDS is on, while it lasts', async () => {
    const keen = harness.newWorker({ SMTP_URL: server.url, NOTIFY_HOLDS: 'on' });
    const show = await harness.office.createShow();
    const [ada, bob] = [await harness.person(), await harness.person()];
    await harness.hold(show, bob);
    await harness.office.lapseHolds(show.id);
    await harness.hold(show, ada);
    await tellAll(show.id, keen);
    expect(subjects(ada)).toEqual(['Held for you: A show']);
    expect(server.to(ada.email)[0]!.text).toMatch(/Confirm your booking before \d/);
    expect(server.to(ada.email)[0]!.attachments).toEqual([]);
    expect(subjects(bob)).toEqual([]);
  });

  it('of a cancelled show: each of its bookings once, holds not', async () => {
    const show = await harness.office.createShow();
    const [ada, bob] = [await harness.person(), await harness.person()];
    await harness.confirmed(show, ada);
    await tellAll(show.id);
    await harness.hold(show, bob);
    await harness.office.shows.cancel(show.id);
    await tellAll(show.id);
    expect(subjects(ada)).toEqual(['Booking confirmed: A show', 'Called off: A show']);
    expect(calendarsIn(server.to(ada.email)[1]!)[0]).toMatchObject({ method: 'CANCEL' });
    expect(subjects(bob)).toEqual([]);
  });

  it('of an edit: everybody with a confirmed booking, of what they plan by', async () => {
    const show = await harness.office.createShow({ venue: 'Hall 1' });
    const people = await Promise.all(Array.from({ length: 120 }, () => harness.person()));
    await harness.office.shows.edit(show.id, { totalSlots: 200 }, null);
    for (const person of people) await harness.confirmed(show, person);
    const holder = await harness.person();
    await harness.hold(show, holder);
    await harness.office.shows.edit(show.id, { venue: 'Hall 2', title: 'A play' }, null);
    await worker.handle(await harness.lastEvent(show.id));
    for (const person of people) {
      expect(subjects(person)).toEqual(['Please note a change: A play']);
    }
    const { text, html } = server.to(people[0]!.email)[0]!;
    expect(text).toContain('Where: Hall 2 (before: Hall 1)');
    expect(text).toContain('A play (before: A show)');
    expect(html).toContain('<s>Hall 1</s>');
    expect(subjects(holder)).toEqual([]);
  });

  it('of an edit: nobody, if it is about anything else, set back, or of a show that is over', async () => {
    const show = await harness.office.createShow({ venue: 'Hall 1' });
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    const edit = (changes: object) => harness.office.shows.edit(show.id, changes, null);
    await edit({ totalSlots: 50, description: 'New', venue: 'Hall 1' });
    await edit({ venue: 'Hall 2' });
    await edit({ venue: 'Hall 1' });
    const [, , , rest, there, back] = await harness.events(show.id);
    for (const event of [rest!, there!]) await worker.handle(event);
    expect(subjects(ada)).toEqual([]);
    await harness.office.database.query(
      `UPDATE shows SET starts_at = now() - interval '1 day' WHERE id = $1`,
      [show.id],
    );
    await worker.handle(back!);
    expect(subjects(ada)).toEqual([]);
  });

  it('of an edit: of a new end, in the calendar too, and of none any more', async () => {
    const startsAt = new Date('2031-11-28T14:00:00Z');
    const [endsAt, later] = [new Date('2031-11-28T17:00:00Z'), new Date('2031-11-30T12:00:00Z')];
    const show = await harness.office.createShow({ startsAt, endsAt });
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    await tellAll(show.id);
    for (const end of [later, null]) {
      await harness.office.shows.edit(show.id, { endsAt: end }, null);
      await worker.handle(await harness.lastEvent(show.id));
    }
    const mails = server.to(ada.email);
    expect(mails).toHaveLength(3);
    const entries = mails.map((mail) => calendarsIn(mail)[0]!);
    expect(entries.map((entry) => entry.endsAt)).toEqual([endsAt, later, null]);
    expect(new Set(entries.map(({ uid }) => uid)).size).toBe(1);
    const sequences = entries.map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
    expect(mails[1]!.text).toContain(
      'When: Friday, 28 November 2031, 7:30 pm – Sunday, 30 November 2031, 5:30 pm ' +
        '(India Standard Time, Asia/Kolkata) (before: Friday, 28 November 2031, 7:30 pm – 10:30 pm ' +
        '(India Standard Time, Asia/Kolkata))',
    );
  });

  it('of an edit: as long as the show runs, and not once it is over', async () => {
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const running = { startsAt: ago(5), endsAt: ago(-5), bookingClosesAt: ago(-5) };
    const show = await harness.office.createShow(running);
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    const edit = async (changes: object) => {
      await harness.office.shows.edit(show.id, changes, null);
      await worker.handle(await harness.lastEvent(show.id));
    };
    await edit({ endsAt: ago(-2), bookingClosesAt: null });
    await edit({ endsAt: ago(1) });
    expect(subjects(ada)).toHaveLength(2);
    await edit({ endsAt: ago(2) });
    await edit({ venue: 'Hall 2' });
    expect(subjects(ada)).toHaveLength(2);
  });

  it('of an edit: until when it can be cancelled, as long as it can', async () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    const show = await harness.office.createShow({ cancelUntil: inHours(2) });
    const [ada, asha] = [await harness.person(), await harness.person({ locale: 'hi' })];
    for (const person of [ada, asha]) await harness.confirmed(show, person);
    const edit = async (changes: object) => {
      server.received.length = 0;
      await harness.office.shows.edit(show.id, changes, null);
      await worker.handle(await harness.lastEvent(show.id));
      return server.received.map(({ text }) => text!).toSorted();
    };
    for (const changes of [{ venue: 'Hall 2' }, { cancelUntil: inHours(1) }]) {
      const [english, hindi] = await edit(changes);
      expect(english).toMatch(/you can cancel it until \S+, \d+ .* \(India Standard Time, Asia/);
      expect(hindi).toMatch(/ तक रद्द कर सकते हैं/);
    }
    for (const changes of [{ cancelUntil: inHours(-1) }, { venue: 'Hall 3' }]) {
      const [english, hindi] = await edit(changes);
      expect(english).toContain('Your booking stays valid. It can no longer be cancelled.');
      expect(english).not.toContain('can cancel');
      expect(hindi).toContain('रद्द नहीं किया जा सकता');
    }
    // Too late before as after: nobody has to know.
    expect(await edit({ cancelUntil: inHours(-2) })).toEqual([]);
  });

  it('of an edit: once a person, with all their bookings', async () => {
    const show = await harness.office.createShow({ venue: 'Hall 1' });
    const ada = await harness.person();
    const bookings = [await harness.confirmed(show, ada), await harness.confirmed(show, ada)];
    await harness.office.shows.edit(show.id, { venue: 'Hall 2' }, null);
    const event = await harness.lastEvent(show.id);
    await worker.handle(event);
    const [mail, ...more] = server.to(ada.email);
    expect(more).toEqual([]);
    expect(codesIn(mail!)).toEqual(bookings.map(({ reference }) => reference));
    expect(new Set(calendarsIn(mail!).map(({ uid }) => uid)).size).toBe(2);
    expect(await harness.recorded(event.id)).toMatchObject([{ booking_id: null, status: 'SENT' }]);
  });

  it('of an event that a later one has overtaken: nobody, of the later one they are', async () => {
    const show = await harness.office.createShow();
    const ada = await harness.person();
    await harness.cancel(await harness.confirmed(show, ada));
    await tellAll(show.id);
    expect(subjects(ada)).toEqual(['Booking cancelled: A show']);
  });

  it('nobody who does not want mail', async () => {
    const show = await harness.office.createShow();
    const ada = await harness.person({ emailNotifications: false });
    await harness.confirmed(show, ada);
    await tellAll(show.id);
    expect(server.received).toEqual([]);
    const { id } = await harness.lastEvent(show.id);
    expect(await harness.recorded(id)).toEqual([]);
  });
});

describe('an event that comes again', () => {
  it('is told once, whoever handles it and how often at once', async () => {
    const { ada, event } = await confirmation();
    const others = [1, 2, 3].map(() => harness.newWorker({ SMTP_URL: server.url }));
    await Promise.all([worker, ...others, worker, ...others].map((each) => each.handle(event)));
    await worker.handle(event);
    expect(subjects(ada)).toHaveLength(1);
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'SENT', attempts: 1, kind: 'BOOKING_CONFIRMED', recipient: ada.email },
    ]);
  });

  /** Ends the connection on which it is to be written down that a message was sent. */
  const cutOffTheRecord = async () => {
    const killed = await harness.office.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE query LIKE 'UPDATE notifications %' AND wait_event_type = 'Lock'
         AND datname = current_database()`,
    );
    expect(killed).toHaveLength(1);
  };

  it('whose record the database lost is written down when it is back, and told once', async () => {
    const { ada, event } = await confirmation();
    const other = new pg.Client({ connectionString: harness.office.database.url });
    await other.connect();
    try {
      server.beforeAccepting = async () => {
        await other.query('BEGIN');
        await other.query('SELECT 1 FROM notifications WHERE event_id = $1 FOR UPDATE', [event.id]);
      };
      const handling = worker.handle(event);
      await eventually(() => cutOffTheRecord());
      await other.query('ROLLBACK');
      await handling;
    } finally {
      await other.end();
      server.beforeAccepting = () => Promise.resolve();
    }
    expect(subjects(ada)).toHaveLength(1);
    expect(await harness.recorded(event.id)).toMatchObject([{ status: 'SENT', attempts: 1 }]);
  });

  it('after a crash between the server’s 250 and the record is told with the same Message-ID', async () => {
    const { ada, booking, event } = await confirmation();
    const other = new pg.Client({ connectionString: harness.office.database.url });
    await other.connect();
    try {
      // The record of what was sent waits for this lock, and dies in the wait.
      server.beforeAccepting = async () => {
        await other.query('BEGIN');
        await other.query('SELECT 1 FROM notifications WHERE event_id = $1 FOR UPDATE', [event.id]);
      };
      await worker.plan(event);
      const crashing = worker.start();
      await eventually(() => expect(subjects(ada)).toHaveLength(1));
      const stopped = crashing.beforeApplicationShutdown();
      await eventually(() => cutOffTheRecord());
      await other.query('ROLLBACK');
      await stopped;
    } finally {
      await other.end();
    }
    expect(await harness.recorded(event.id)).toMatchObject([{ status: 'PENDING', attempts: 0 }]);

    server.beforeAccepting = () => Promise.resolve();
    // While the claim lasts the message may be under way still.
    worker.start();
    await sleep(1_500);
    expect(subjects(ada)).toHaveLength(1);
    await harness.passTime();
    await eventually(() => expect(subjects(ada)).toHaveLength(2));
    await worker.handle(event);
    const mails = server.to(ada.email);
    expect(mails).toHaveLength(2);
    expect(mails[1]!.messageId).toBe(mails[0]!.messageId);
    expect(mails[1]!.text).toContain(booking.reference);
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'SENT', attempts: 1, message_id: mails[0]!.messageId },
    ]);
  });
});

describe('mail that cannot be sent', () => {
  it('for now, because the server says so, is sent after a pause', async () => {
    const { ada, event } = await confirmation();
    server.refuse = () => ({ code: 450, text: 'try later' });
    const before = Date.now();
    await worker.handle(event);
    const [row] = await harness.recorded(event.id);
    expect(row).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      error: expect.stringContaining('450'),
      sent_at: null,
    });
    expect(row!.next_attempt_at.getTime() - before).toBeGreaterThan(25_000);
    server.refuse = () => undefined;
    await worker.handle(event);
    expect(subjects(ada)).toEqual([]);
    await harness.passTime();
    await worker.send();
    expect(subjects(ada)).toHaveLength(1);
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'SENT', attempts: 2, error: null, sent_at: expect.any(Date) },
    ]);
  });

  it('for a day has failed', async () => {
    const { event } = await confirmation();
    server.refuse = () => ({ code: 450, text: 'mailbox full' });
    await worker.plan(event);
    await harness.office.database.query(
      'UPDATE notifications SET attempts = 29 WHERE event_id = $1',
      [event.id],
    );
    await worker.send();
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'FAILED', attempts: 30, error: expect.stringContaining('mailbox full') },
    ]);
  });

  it('for now, because there is no server, pauses the channel and is sent by another', async () => {
    const events = [await confirmation(), await confirmation(), await confirmation()];
    const nowhere = harness.newWorker({ SMTP_URL: 'smtp://127.0.0.1:1' });
    for (const { event } of events) await nowhere.plan(event);
    harness.log.length = 0;
    const sender = nowhere.start();
    await sleep(3_500);
    await sender.beforeApplicationShutdown();
    expect(harness.log.filter(({ msg }) => msg === 'messages cannot be sent')).toHaveLength(1);
    for (const { event } of events) {
      expect(await harness.recorded(event.id)).toMatchObject([{ status: 'PENDING', attempts: 0 }]);
    }
    await harness.passTime();
    await worker.send();
    for (const { ada } of events) expect(subjects(ada)).toHaveLength(1);
  });

  it('ever is recorded, and not sent again', async () => {
    const { ada, event } = await confirmation();
    server.refuse = () => ({ code: 550, text: 'no such mailbox' });
    await worker.handle(event);
    server.refuse = () => undefined;
    await worker.handle(event);
    expect(subjects(ada)).toEqual([]);
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'FAILED', attempts: 1, error: expect.stringContaining('no such mailbox') },
    ]);
  });

  it('to one keeps nobody else waiting', async () => {
    const show = await harness.office.createShow({ venue: 'Hall 1' });
    const people = await Promise.all(Array.from({ length: 8 }, () => harness.person()));
    for (const person of people) await harness.confirmed(show, person);
    await harness.office.shows.edit(show.id, { venue: 'Hall 2' }, null);
    const event = await harness.lastEvent(show.id);
    const [gone, busy, ...others] = people;
    server.refuse = (recipient) => {
      if (recipient === gone!.email) return { code: 550, text: 'gone' };
      return recipient === busy!.email ? { code: 451, text: 'busy' } : undefined;
    };
    await worker.handle(event);
    for (const person of others) expect(subjects(person)).toHaveLength(1);
    server.refuse = () => undefined;
    await harness.passTime();
    await worker.send();
    for (const person of [busy!, ...others]) expect(subjects(person)).toHaveLength(1);
    expect(subjects(gone!)).toEqual([]);
  });
});
