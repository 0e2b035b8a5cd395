import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Preferences } from '@modex/domain';
import {
  NotificationHarness,
  PUBLIC_URL,
  type TestWorker,
} from './support/notification-harness.js';
import { SmsServer, TWILIO } from './support/sms-server.js';

const PHONE = '+919876543210';
const WANTED = { smsNotifications: true, phone: PHONE, emailNotifications: false };

let harness: NotificationHarness;
let gateway: SmsServer;
let worker: TestWorker;
beforeAll(async () => {
  [harness, gateway] = await Promise.all([NotificationHarness.open(), SmsServer.start()]);
  worker = harness.newWorker({
    SMS_URL: `http://AC0123:to%20ken@${gateway.host}`,
    SMS_FROM: '+15005550006',
  });
});
beforeEach(() => {
  gateway.requests.length = 0;
  gateway.answer = TWILIO.accepted;
});
afterAll(async () => {
  await harness.close();
  await gateway.stop();
});

const confirmation = async (
  preferences: Partial<Preferences> = WANTED,
  title = 'A show',
): Promise<DomainEvent> => {
  const show = await harness.office.createShow({
    title,
    startsAt: new Date('2031-11-28T14:00:00Z'),
  });
  await harness.confirmed(show, await harness.person(preferences), 2);
  return harness.lastEvent(show.id);
};

describe('an SMS', () => {
  it('goes to whoever asked for it, as Twilio wants it', async () => {
    const event = await confirmation();
    await worker.handle(event);
    expect(gateway.requests).toMatchObject([
      {
        method: 'POST',
        path: '/2010-04-01/Accounts/AC0123/Messages.json',
        fields: { To: PHONE, From: '+15005550006' },
      },
    ]);
    const { headers, fields } = gateway.requests[0]!;
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(headers.authorization).toBe(`Basic ${btoa('AC0123:to ken')}`);
    expect(fields['Body']).toBe(
      `Booking ${String(event.payload['reference'])} confirmed: A show, 28 Nov 2031, 7:30 pm IST, ` +
        `2 slots. ${PUBLIC_URL}/bookings/${String(event.payload['bookingId'])}`,
    );
    expect(await harness.recorded(event.id)).toMatchObject([
      { channel: 'SMS', recipient: PHONE, status: 'SENT', message_id: TWILIO.accepted.body.sid },
    ]);
  });

  it('is in the language that they chose', async () => {
    await worker.handle(await confirmation({ ...WANTED, locale: 'hi' }));
    expect(gateway.requests[0]!.fields['Body']).toMatch(/की पुष्टि हो गई: A show, 28 नव॰ 2031/);
  });

  it('cuts a long title between two characters', async () => {
    await worker.handle(await confirmation(WANTED, '🎵'.repeat(80)));
    expect(gateway.requests[0]!.fields['Body']).toContain(`${'🎵'.repeat(59)}…, `);
  });

  it('goes to nobody who did not ask for it', async () => {
    await worker.handle(await confirmation({ phone: PHONE }));
    expect(gateway.requests).toEqual([]);
  });

  it('is written to a file where there is no gateway, which only its owner may read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modex-sms-'));
    try {
      // As an earlier release, or an umask, left them.
      await chmod(folder, 0o755);
      await writeFile(join(folder, 'older.eml'), '');
      await chmod(join(folder, 'older.eml'), 0o644);
      const event = await confirmation();
      await harness.newWorker({ MAIL_DIR: folder }).handle(event);
      expect(await harness.recorded(event.id)).toMatchObject([{ channel: 'SMS', status: 'SENT' }]);
      const names = (await readdir(folder)).filter((name) => name !== 'older.eml');
      expect(names).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.sms\.txt$/)]);
      const text = await readFile(join(folder, names[0]!), 'utf8');
      expect(text).toMatch(new RegExp(`^To: \\${PHONE}\n\nBooking \\S+ confirmed: A show`));
      const mode = async (path: string) => (await stat(path)).mode & 0o777;
      expect(await mode(folder)).toBe(0o700);
      expect(await mode(join(folder, names[0]!))).toBe(0o600);
      expect(await mode(join(folder, 'older.eml'))).toBe(0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is not sent where there is neither', async () => {
    const event = await confirmation();
    await harness.newWorker({}).handle(event);
    expect(await harness.recorded(event.id)).toEqual([]);
    expect(gateway.requests).toEqual([]);
  });
});

describe('an SMS that the gateway does not take', () => {
  it('because of its number has failed, and is not sent again', async () => {
    gateway.answer = TWILIO.invalidNumber;
    const event = await confirmation();
    await worker.handle(event);
    await worker.handle(event);
    expect(gateway.requests).toHaveLength(1);
    expect(await harness.recorded(event.id)).toMatchObject([
      { status: 'FAILED', error: expect.stringMatching(/400 21211 The 'To' number/) },
    ]);
  });

  it.each(['tooMany', 'down', 'wrongToken'] as const)(
    'for now (%s) is sent after a pause, and no attempt is counted',
    async (reason) => {
      gateway.answer = TWILIO[reason];
      const event = await confirmation();
      await worker.handle(event);
      expect(await harness.recorded(event.id)).toMatchObject([
        {
          status: 'PENDING',
          attempts: 0,
          error: expect.stringContaining(`answered ${TWILIO[reason].status}`),
        },
      ]);
      gateway.answer = TWILIO.accepted;
      await harness.passTime();
      await worker.send();
      expect(await harness.recorded(event.id)).toMatchObject([{ status: 'SENT', attempts: 1 }]);
    },
  );

  it('because it cannot be reached comes again, and says nothing of the token', async () => {
    const lost = harness.newWorker({
      SMS_URL: 'http://AC0123:token@127.0.0.1:1',
      SMS_FROM: 'Modex',
    });
    const event = await confirmation();
    await lost.handle(event);
    const [row] = await harness.recorded(event.id);
    expect(row).toMatchObject({
      status: 'PENDING',
      error: expect.stringContaining('cannot be reached'),
    });
    expect(row!.error).not.toContain('token');
  });
});

it('a phone has an SMS as well as its owner a mail, and neither comes twice', async () => {
  const event = await confirmation({ ...WANTED, emailNotifications: true });
  const noMail = harness.newWorker({
    SMS_URL: `http://AC0123:token@${gateway.host}`,
    SMS_FROM: '+15005550006',
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  await noMail.handle(event);
  await noMail.handle(event);
  expect(gateway.requests).toHaveLength(1);
  const rows = await harness.recorded(event.id);
  expect(rows.toSorted((a, b) => (a.channel < b.channel ? -1 : 1))).toMatchObject([
    { channel: 'EMAIL', status: 'PENDING', error: expect.stringContaining('ECONNREFUSED') },
    { channel: 'SMS', status: 'SENT' },
  ]);
});
