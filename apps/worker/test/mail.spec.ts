import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '@modex/domain';
import { simpleParser } from 'mailparser';
import { MailServer } from './support/mail-server.js';
import {
  NotificationHarness,
  PUBLIC_URL,
  publicIdOf,
  type TestWorker,
} from './support/notification-harness.js';
import { calendarsIn, codesIn } from '../../../test/read-mail.js';

/** 19:30 in Kolkata. */
const STARTS_AT = new Date('2031-11-28T14:00:00Z');
const EVENING = { title: 'Ravi <Shankar> & friends', startsAt: STARTS_AT, venue: 'Hall 1, Pune' };

let harness: NotificationHarness;
let server: MailServer;
let worker: TestWorker;
beforeAll(async () => {
  [harness, server] = await Promise.all([NotificationHarness.open(), MailServer.start()]);
  worker = harness.newWorker({ SMTP_URL: server.url });
});
afterEach(() => {
  server.received.length = 0;
  server.raw.length = 0;
});
afterAll(async () => {
  await harness.close();
  await server.stop();
});

const tell = async (showId: string) => worker.handle(await harness.lastEvent(showId));
const mailTo = ({ email }: User) => {
  const [mail, ...more] = server.received.filter(({ to }) => JSON.stringify(to).includes(email));
  expect(more).toEqual([]);
  return mail!;
};

describe('the mail of a confirmed booking', () => {
  it('says what, when in the show’s zone, where, and by which reference', async () => {
    const show = await harness.office.createShow(EVENING);
    const ada = await harness.person({}, 'Ada & Co');
    const booking = await harness.confirmed(show, ada, 2);
    await tell(show.id);
    const mail = mailTo(ada);
    expect(mail.subject).toBe('Booking confirmed: Ravi <Shankar> & friends');
    expect(mail.from!.text).toBe('"Box office" <tickets@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    for (const said of [
      'Hello,',
      'Friday, 28 November 2031',
      '7:30 pm (India Standard Time, Asia/Kolkata)',
      'Hall 1, Pune',
      booking.reference,
      `${PUBLIC_URL}/bookings/${publicIdOf(booking)}`,
    ]) {
      expect(mail.text).toContain(said);
      expect(mail.html).toContain(said.replaceAll('&', '&amp;'));
    }
    expect(mail.html).toContain('Ravi &lt;Shankar&gt; &amp; friends');
    expect(mail.html).not.toContain('<Shankar>');
  });

  it('has the reference as a picture that scanners read, within the text', async () => {
    const show = await harness.office.createShow();
    const ada = await harness.person();
    const booking = await harness.confirmed(show, ada);
    await tell(show.id);
    expect(codesIn(mailTo(ada))).toEqual([booking.reference]);
    const [picture] = mailTo(ada).attachments.filter(({ contentType }) => /png/.test(contentType));
    expect(picture).toMatchObject({ contentDisposition: 'inline', related: true });
    expect(server.raw[0]).toContain(`cid:${picture!.cid}`.replaceAll('=', '=3D'));
  });

  it('brings an invitation for the calendar', async () => {
    const show = await harness.office.createShow(EVENING);
    const ada = await harness.person();
    const booking = await harness.confirmed(show, ada);
    const event = await harness.lastEvent(show.id);
    await worker.handle(event);
    const [calendar, ...more] = calendarsIn(mailTo(ada));
    expect(more).toEqual([]);
    expect(calendar).toMatchObject({
      method: 'REQUEST',
      uid: `${publicIdOf(booking)}@tickets.example.com`,
      sequence: event.version,
      status: 'CONFIRMED',
      summary: EVENING.title,
      location: EVENING.venue,
      startsAt: STARTS_AT,
      organizer: 'mailto:tickets@example.com',
      attendee: `mailto:${ada.email}`,
      partstat: 'ACCEPTED',
    });
    expect(calendar!.text).toMatch(/^DTSTART:20311128T140000Z\r$/m);
    expect(calendar!.text).toMatch(/^DTSTAMP:\d{8}T\d{6}Z\r$/m);
    expect(server.raw[0]).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST/m);
  });

  it('folds long lines of the calendar at 75 octets, also of Hindi', async () => {
    const title = 'शास्त्रीय संगीत की एक बहुत लंबी शाम, जिसमें अनेक कलाकार साथ आते हैं; पुणे';
    const show = await harness.office.createShow({ title });
    const ada = await harness.person(
      {},
      'Ada "Countess" of Lovelace: mathematician, and so on; and on',
    );
    await harness.confirmed(show, ada);
    await tell(show.id);
    const [calendar] = calendarsIn(mailTo(ada));
    expect(calendar!.summary).toBe(title);
    const lines = calendar!.text.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.filter((line) => line.startsWith(' ')).length).toBeGreaterThan(2);
  });

  it('begins with no name that somebody typed, and makes no link of one', async () => {
    const show = await harness.office.createShow(EVENING);
    const name = 'Your account is locked: https://evil.example/x';
    const ada = await harness.person({}, name);
    const customer = { name: 'Win at www.evil.example or kim@evil.example, J.R. Doe' };
    const { booking } = await harness.office.bookings.hold({
      showId: show.id,
      userId: ada.id,
      quantity: 1,
      customer,
    });
    const key = { showId: show.id, bookingId: booking.id };
    await harness.office.bookings.confirm(key, { userId: ada.id, isAdmin: false });
    await tell(show.id);
    const mail = mailTo(ada);
    expect(server.raw[0]).not.toMatch(/locked|evil\.example/);
    expect(mail.text!.split('\n')[0]).toBe('Hello,');
    const said = 'Win at www. evil. example or kim@ evil. example, J. R. Doe';
    expect(mail.text).toContain(said);
    expect(mail.html).toContain(said);
  });

  it('has no line and no header of an older row’s text', async () => {
    const title = 'Evening\r\nBcc: eve@evil.example\r\n\r\nPay here\u2028now\u202e';
    const show = await harness.office.createShow({ ...EVENING, title });
    const ada = await harness.person();
    await harness.confirmed(show, ada);
    await tell(show.id);
    const mail = mailTo(ada);
    expect(mail.bcc).toBeUndefined();
    expect(mail.subject).toBe('Booking confirmed: Evening Bcc: eve@evil.example Pay here now');
    expect(mail.text).toMatch(/^Evening Bcc: eve@evil\.example Pay here now$/m);
  });

  it('is in Hindi for those who chose it', async () => {
    const show = await harness.office.createShow({ ...EVENING, title: 'संगीत संध्या' });
    const asha = await harness.person({ locale: 'hi' }, 'आशा');
    const booking = await harness.confirmed(show, asha, 2);
    await tell(show.id);
    const mail = mailTo(asha);
    expect(mail.subject).toBe('बुकिंग की पुष्टि हो गई: संगीत संध्या');
    expect(mail.html).toContain('<html lang="hi">');
    for (const said of [
      'नमस्ते,',
      'आपकी बुकिंग की पुष्टि हो गई है',
      'शुक्रवार, 28 नवंबर 2031',
      'शाम 7:30 बजे (भारतीय मानक समय, Asia/Kolkata)',
    ]) {
      expect(mail.text).toContain(said);
      expect(mail.html).toContain(said);
    }
    expect(mail.text).not.toMatch(/booking is|Reference|Hello/);
    expect(codesIn(mail)).toEqual([booking.reference]);
  });

  it('leads a bus trip by its route and an appointment to its doctor', async () => {
    const trip = { kind: 'BUS', origin: 'Pune', destination: 'Mumbai' } as const;
    const bus = await harness.office.createShow(trip);
    const visit = await harness.office.createShow({ kind: 'DOCTOR', practitioner: 'Dr. Rao' });
    const [ada, bob] = [await harness.person(), await harness.person()];
    await harness.confirmed(bus, ada);
    await tell(bus.id);
    await harness.confirmed(visit, bob);
    await tell(visit.id);
    expect(mailTo(ada).text).toContain('Route: Pune → Mumbai');
    expect(calendarsIn(mailTo(ada))[0]).toMatchObject({ location: 'Pune → Mumbai' });
    expect(mailTo(bob).text).toContain('With: Dr. Rao');
  });
});

describe('the calendar of somebody whose booking goes on', () => {
  it('replaces the entry, and takes it out at the end', async () => {
    const show = await harness.office.createShow(EVENING);
    const ada = await harness.person();
    const booking = await harness.confirmed(show, ada, 3);
    await tell(show.id);
    const key = { showId: show.id, bookingId: booking.id };
    const actor = { userId: ada.id, isAdmin: false };
    await harness.office.bookings.reduce(key, actor, 1);
    await tell(show.id);
    const later = new Date(STARTS_AT.getTime() + 3_600_000);
    await harness.office.shows.edit(show.id, { startsAt: later }, null);
    await tell(show.id);
    await harness.cancel(booking);
    await tell(show.id);

    const entries = server.received.flatMap(calendarsIn);
    expect(entries.map(({ method }) => method)).toEqual([
      'REQUEST',
      'REQUEST',
      'REQUEST',
      'CANCEL',
    ]);
    expect(new Set(entries.map(({ uid }) => uid)).size).toBe(1);
    const sequences = entries.map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(entries[2]).toMatchObject({ startsAt: later });
    expect(entries[3]).toMatchObject({ status: 'CANCELLED' });
    const last = server.received.at(-1)!;
    expect(last.subject).toBe(`Booking cancelled: ${EVENING.title}`);
    expect(codesIn(last)).toEqual([]);
  });
});

describe('without a mail server', () => {
  it('mail is written to files that mail programs open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modex-mail-'));
    try {
      const show = await harness.office.createShow();
      const ada = await harness.person();
      const booking = await harness.confirmed(show, ada);
      const event = await harness.lastEvent(show.id);
      const toFiles = harness.newWorker({ MAIL_DIR: join(folder, 'mail'), MAIL_FROM: '' });
      await toFiles.handle(event);
      const files = await readdir(join(folder, 'mail'));
      const [row] = await harness.recorded(event.id);
      expect(files).toEqual([`${row!.id}.eml`]);
      expect(row).toMatchObject({ status: 'SENT', message_id: `<${row!.id}@tickets.example.com>` });
      const mail = await simpleParser(await readFile(join(folder, 'mail', files[0]!)));
      expect(mail.messageId).toBe(row!.message_id);
      expect(codesIn(mail)).toEqual([booking.reference]);
      expect(calendarsIn(mail)).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('nor a folder that takes it, it waits as for a server that is away', async () => {
    const show = await harness.office.createShow();
    await harness.confirmed(show, await harness.person());
    const event = await harness.lastEvent(show.id);
    const toNoFolder = harness.newWorker({ MAIL_DIR: '/dev/null/mail', MAIL_FROM: '' });
    await toNoFolder.handle(event);
    const [row] = await harness.recorded(event.id);
    expect(row).toMatchObject({ status: 'PENDING', attempts: 0 });
  });

  it('nor a folder, none is written, and none is recorded', async () => {
    const show = await harness.office.createShow();
    await harness.confirmed(show, await harness.person());
    const event = await harness.lastEvent(show.id);
    await harness.newWorker({}).handle(event);
    expect(await harness.recorded(event.id)).toEqual([]);
  });
});

it('a worker with a mail server but nobody to send from does not start', () => {
  expect(() => harness.newWorker({ SMTP_URL: server.url, MAIL_FROM: '' })).toThrow(
    'MAIL_FROM is required',
  );
  expect(() => harness.newWorker({ SMTP_URL: 'mail.example.com' })).toThrow(/SMTP_URL must/);
});
