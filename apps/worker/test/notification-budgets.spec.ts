import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '@modex/domain';
import { eventually } from '../../../test/eventually.js';
import { MailServer } from './support/mail-server.js';
import { actor, keyOf, NotificationHarness } from './support/notification-harness.js';

let harness: NotificationHarness;
let server: MailServer;
beforeAll(async () => {
  [harness, server] = await Promise.all([NotificationHarness.open(), MailServer.start()]);
});
afterEach(async () => {
  await harness.stopSenders();
  server.received.length = 0;
  server.refuse = () => undefined;
});
afterAll(async () => {
  await harness.close();
  await server.stop();
});

const newWorker = (environment: NodeJS.ProcessEnv = {}) =>
  harness.newWorker({
    SMTP_URL: server.url,
    NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '0',
    NOTIFICATIONS_PER_ACCOUNT_PER_HOUR: '0',
    NOTIFICATION_COALESCING_SECONDS: '60',
    ...environment,
  });
const subjects = ({ email }: User) => server.to(email).map(({ subject }) => subject);
const statuses = async (userId: string) =>
  (await harness.recorded())
    .filter((row) => row.user_id === userId)
    .map(({ kind, status }) => `${kind} ${status}`);

/** An hour and more later. */
const passAnHour = async () => {
  await harness.office.database.query(
    `UPDATE notifications SET sent_at = sent_at - interval '61 minutes' WHERE sent_at IS NOT NULL`,
  );
  await harness.passTime();
};

describe('changes that follow a message', () => {
  it('wait for a minute and become one, which says what is true then', async () => {
    const worker = newWorker();
    const show = await harness.office.createShow();
    const ada = await harness.person();
    const booking = await harness.confirmed(show, ada, 4);
    await worker.handle(await harness.lastEvent(show.id));
    expect(subjects(ada)).toEqual(['Booking confirmed: A show']);
    const before = Date.now();
    for (const quantity of [3, 2, 1]) {
      await harness.office.bookings.reduce(keyOf(booking), actor(ada), quantity);
      await worker.handle(await harness.lastEvent(show.id));
    }
    expect(subjects(ada)).toHaveLength(1);
    const waiting = (await harness.recorded()).filter(({ status }) => status === 'PENDING');
    expect(waiting).toHaveLength(3);
    for (const { next_attempt_at: at, attempts } of waiting) {
      expect(attempts).toBe(0);
      expect(at.getTime() - before).toBeGreaterThan(40_000);
      expect(at.getTime() - before).toBeLessThan(61_000);
    }
    await passAnHour();
    await worker.send();
    expect(subjects(ada)).toEqual(['Booking confirmed: A show', 'Booking changed: A show']);
    expect(server.to(ada.email)[1]!.text).toContain('It is for 1 slot now.');
    expect(await statuses(ada.id)).toEqual([
      'BOOKING_CONFIRMED SENT',
      'BOOKING_REDUCED SENT',
      'BOOKING_REDUCED SKIPPED',
      'BOOKING_REDUCED SKIPPED',
    ]);
  });

  it('do not wait for a message about another booking', async () => {
    const worker = newWorker();
    const show = await harness.office.createShow();
    const ada = await harness.person();
    for (let n = 0; n < 2; n++) {
      await harness.confirmed(show, ada);
      await worker.handle(await harness.lastEvent(show.id));
    }
    expect(subjects(ada)).toHaveLength(2);
  });

  it('are told at once if nothing was told of the booking before', async () => {
    const worker = newWorker();
    const show = await harness.office.createShow();
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    await harness.office.shows.cancel(show.id);
    for (const event of await harness.events(show.id)) await worker.plan(event);
    await worker.send();
    expect(subjects(ada)).toEqual(['Called off: A show']);
    expect(await statuses(ada.id)).toEqual(['BOOKING_CONFIRMED SKIPPED', 'SHOW_CANCELLED SENT']);
  });
});

describe('a change that was set back', () => {
  it('is not told of a booking that was cancelled again before anybody was told of it', async () => {
    const worker = newWorker();
    const show = await harness.office.createShow();
    const ada = await harness.person();
    await harness.cancel(await harness.confirmed(show, ada));
    for (const event of await harness.events(show.id)) await worker.plan(event);
    await worker.send();
    expect(subjects(ada)).toEqual([]);
    expect((await harness.recorded()).filter((row) => row.user_id === ada.id)).toMatchObject([
      { kind: 'BOOKING_CONFIRMED', status: 'SKIPPED', error: 'overtaken by a later change' },
      { kind: 'BOOKING_CANCELLED', status: 'SKIPPED', error: 'set back before anybody was told' },
    ]);
  });

  it.each([
    ['together', true],
    ['one after the other', false],
  ])('is not told of a show whose edits are planned %s', async (_, together) => {
    const worker = newWorker({ NOTIFICATION_COALESCING_SECONDS: '0' });
    const show = await harness.office.createShow({ venue: 'Hall A' });
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    for (const venue of ['Hall B', 'Hall A']) {
      await harness.office.shows.edit(show.id, { venue }, null);
    }
    for (const event of await harness.events(show.id, 'show.updated')) {
      await (together ? worker.plan(event) : worker.handle(event));
    }
    await worker.send();
    expect(subjects(ada)).toEqual([]);
    expect(await statuses(ada.id)).toEqual(['SHOW_CHANGED SKIPPED', 'SHOW_CHANGED SKIPPED']);
  });

  it('is told to those who were told of it', async () => {
    const worker = newWorker({ NOTIFICATION_COALESCING_SECONDS: '0' });
    const show = await harness.office.createShow({ venue: 'Hall A' });
    const [ada, bob] = [await harness.person(), await harness.person()];
    for (const person of [ada, bob]) await harness.confirmed(show, person);
    server.refuse = (address) =>
      address === bob.email ? { code: 450, text: 'try later' } : undefined;
    for (const venue of ['Hall B', 'Hall A']) {
      await harness.office.shows.edit(show.id, { venue }, null);
      await worker.handle(await harness.lastEvent(show.id));
    }
    server.refuse = () => undefined;
    await harness.passTime();
    await worker.send();
    const texts = server.to(ada.email).map(({ text }) => text!);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('Where: Hall B (before: Hall A)');
    expect(texts[1]).toContain('Where: Hall A (before: Hall B)');
    expect(subjects(bob)).toEqual([]);
  });

  it('is compared with what the message of the booking said', async () => {
    const worker = newWorker();
    const show = await harness.office.createShow({ venue: 'Hall A' });
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    await harness.office.shows.edit(show.id, { venue: 'Hall B' }, null);
    // The confirmation goes out after the edit and says the new place already.
    for (const event of await harness.events(show.id)) await worker.handle(event);
    expect(subjects(ada)).toEqual(['Booking confirmed: A show']);
    expect(await statuses(ada.id)).toEqual(['BOOKING_CONFIRMED SENT', 'SHOW_CHANGED SKIPPED']);
  });
});

describe('the budget', () => {
  it('of a recipient lets so many messages go in an hour; the rest waits and is told then', async () => {
    const worker = newWorker({ NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '3' });
    const shows = await Promise.all([1, 2, 3, 4, 5].map(() => harness.office.createShow()));
    const ada = await harness.person();
    for (const show of shows) {
      await harness.confirmed(show, ada);
      await worker.handle(await harness.lastEvent(show.id));
    }
    expect(subjects(ada)).toHaveLength(3);
    const waiting = (await harness.recorded()).filter(({ status }) => status === 'PENDING');
    expect(waiting).toHaveLength(2);
    for (const { next_attempt_at: at, attempts } of waiting) {
      expect(attempts).toBe(0);
      expect(at.getTime() - Date.now()).toBeGreaterThan(50 * 60_000);
      expect(at.getTime() - Date.now()).toBeLessThan(61 * 60_000);
    }
    await passAnHour();
    await worker.send();
    expect(subjects(ada)).toHaveLength(5);
  });

  it('of a phone holds for all accounts that share it, of an account over all channels', async () => {
    const worker = newWorker({
      NOTIFICATIONS_PER_ACCOUNT_PER_HOUR: '2',
      NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '5',
    });
    const [ada, bob] = [await harness.person(), await harness.person()];
    for (const person of [ada, ada, ada, bob]) {
      const show = await harness.office.createShow();
      await harness.confirmed(show, person);
      await worker.handle(await harness.lastEvent(show.id));
    }
    expect(subjects(ada)).toHaveLength(2);
    expect(subjects(bob)).toHaveLength(1);
  });

  it('makes a handful of what somebody holds, confirms and cancels again and again', async () => {
    const worker = newWorker({ NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '5' });
    worker.start();
    const show = await harness.office.createShow();
    const ada = await harness.person();
    const allTold = () => eventually(async () => expect(await harness.dueNow()).toBe(0));
    for (let n = 0; n < 60; n++) {
      const booking = await harness.confirmed(show, ada);
      await worker.plan(await harness.lastEvent(show.id));
      // Some are told while they last.
      if (n % 10 === 0) await allTold();
      await harness.cancel(booking);
      await worker.plan(await harness.lastEvent(show.id));
    }
    await harness.confirmed(show, ada, 2);
    await worker.plan(await harness.lastEvent(show.id));
    await eventually(async () => expect(await harness.dueNow()).toBe(0));
    expect(subjects(ada)).toHaveLength(5);
    // What waits is told later, as far as it is still so: the five are cancelled, the last is not.
    for (let hour = 0; hour < 4; hour++) {
      await passAnHour();
      await eventually(async () => expect(await harness.dueNow()).toBe(0), 15_000);
    }
    const told = subjects(ada);
    expect(told.filter((subject) => subject === 'Booking confirmed: A show').length).toBe(
      told.filter((subject) => subject === 'Booking cancelled: A show').length + 1,
    );
    const last = server.to(ada.email).filter(({ text }) => text!.includes('Slots: 2'));
    expect(last.map(({ subject }) => subject)).toEqual(['Booking confirmed: A show']);
    expect(told.length).toBeLessThan(15);
    expect(await statuses(ada.id)).not.toContainEqual(expect.stringContaining('PENDING'));
  }, 60_000);
});
