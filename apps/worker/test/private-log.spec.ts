import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation } from '../../../test/installation.js';
import { MailServer } from './support/mail-server.js';
import { SmsServer, TWILIO } from './support/sms-server.js';

const EMAIL = 'kim@example.com';
const PHONE = '+919876543210';
const TITLE = 'The secret show';

let installation: Installation;
let mail: MailServer;
let sms: SmsServer;
beforeAll(async () => {
  [installation, mail, sms] = await Promise.all([
    Installation.create({ LOG_LEVEL: 'trace' }),
    MailServer.start(),
    SmsServer.start(),
  ]);
});
afterAll(async () => {
  await installation.stop();
  await Promise.all([mail.stop(), sms.stop()]);
});

it('a worker says in its log that messages were refused, and not to whom nor what they say', async () => {
  mail.refuse = (address) => ({ code: 550, text: `<${address}>: no mailbox for ${TITLE}` });
  sms.answer = TWILIO.invalidNumber;
  const api = await installation.startApi();
  const worker = await installation.startWorker({
    SMTP_URL: mail.url,
    MAIL_FROM: 'tickets@example.com',
    SMS_URL: `http://AC0123:token@${sms.host}`,
    SMS_FROM: '+15005550006',
  });
  const admin = await api.client().registerAdmin();
  const kim = await api.client().register(EMAIL);
  const preferences = { phone: PHONE, sms: true };
  const { status } = await kim.request('PATCH', '/api/v1/me/preferences', { body: preferences });
  expect(status).toBe(200);
  const { id } = await admin.createShow({ title: TITLE });
  const { body: booking } = await kim.hold(id);
  await kim.act('confirm', booking.id);
  await eventually(() => {
    const refused = worker.log.filter(({ msg }) => msg === 'a message was refused');
    expect(refused).toHaveLength(2);
  }, 10_000);
  const log = JSON.stringify(worker.log);
  expect(log).toContain('the mail server answered 550 to RCPT TO');
  expect(log).toContain('the SMS gateway answered 400 21211');
  expect(log).not.toMatch(/kim@|98765|secret show|tickets@/);
  const { body } = await admin.request('GET', `/api/v1/notifications?showId=${id}`);
  const errors = (body.data as { error: string }[]).map(({ error }) => error);
  expect(errors).toEqual(expect.arrayContaining([expect.stringContaining(`<${EMAIL}>`)]));
}, 60_000);
