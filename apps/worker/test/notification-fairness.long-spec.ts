import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import {
  findBroker,
  newPrefix,
  RABBITMQ_MISSING,
  type Broker,
} from '../../../test/rabbitmq-server.js';
import { bookedShow } from './support/booked-show.js';
import { CountingMailServer } from './support/counting-mail-server.js';
import { MailServer } from './support/mail-server.js';
import { NotificationHarness } from './support/notification-harness.js';
import { SmsServer } from './support/sms-server.js';

/** More than a consumer has in hand. */
const DEFERRED = 80;

let harness: NotificationHarness;
beforeAll(async () => {
  harness = await NotificationHarness.open();
});
afterEach(() => harness.stopSenders());
afterAll(() => harness.close());

describe('the notifications of a large show', () => {
  it('do not delay the mail of another show’s booking', async () => {
    const mail = await CountingMailServer.start();
    try {
      const worker = harness.newWorker({ SMTP_URL: mail.url });
      const large = await bookedShow(harness.office, 5_000);
      await harness.office.shows.edit(large.id, { venue: 'Hall 2' }, null);
      await worker.plan(await harness.lastEvent(large.id));
      worker.start();
      await eventually(() => expect(mail.total).toBeGreaterThan(20), 15_000);
      const ada = await harness.person();
      const other = await harness.office.createShow();
      await harness.confirmed(other, ada);
      const since = performance.now();
      await worker.plan(await harness.lastEvent(other.id));
      await eventually(() => expect(mail.accepted.get(ada.email)).toBe(1), 15_000);
      expect(performance.now() - since).toBeLessThan(5_000);
      expect(mail.total).toBeLessThan(2_500);
    } finally {
      await harness.stopSenders();
      await mail.stop();
      await harness.office.database.query('TRUNCATE notifications, outbox');
    }
  }, 90_000);
});

describe('a phone that two accounts share', () => {
  it('gets an SMS for each of them', async () => {
    const gateway = await SmsServer.start();
    try {
      const worker = harness.newWorker({
        SMS_URL: `http://AC0123:token@${gateway.host}`,
        SMS_FROM: 'Modex',
      });
      const wish = { smsNotifications: true, phone: '+919876543210' };
      const show = await harness.office.createShow({ venue: 'Hall 1' });
      for (let n = 0; n < 2; n++) await harness.confirmed(show, await harness.person(wish));
      await harness.office.shows.edit(show.id, { venue: 'Hall 2' }, null);
      const event = await harness.lastEvent(show.id);
      await worker.handle(event);
      expect(gateway.requests).toHaveLength(2);
      const rows = await harness.recorded(event.id);
      expect(rows.map(({ status }) => status)).toEqual(['SENT', 'SENT']);
      expect(new Set(rows.map((row) => row.user_id)).size).toBe(2);
    } finally {
      await gateway.stop();
    }
  });
});

/** A mail server defers many people of a show; those who come after them are told at once. */
async function expectNoDelay(environment: NodeJS.ProcessEnv): Promise<void> {
  const mail = await MailServer.start();
  const installation = Installation.on(harness.office.database, {
    SMTP_URL: mail.url,
    MAIL_FROM: 'tickets@example.com',
    ...environment,
  });
  const worker = await installation.startWorker();
  try {
    mail.refuse = (address) =>
      address.startsWith('deferred') ? { code: 450, text: 'try later' } : undefined;
    const show = await harness.office.createShow({ totalSlots: DEFERRED + 5 });
    const people = await Promise.all(
      Array.from({ length: DEFERRED }, () => harness.person({}, null, 'deferred')),
    );
    for (const person of people) await harness.confirmed(show, person);
    const others = await Promise.all(Array.from({ length: 5 }, () => harness.person()));
    for (const person of others) await harness.confirmed(show, person);
    await eventually(() => {
      for (const { email } of others) expect(mail.to(email)).toHaveLength(1);
    }, 40_000);
    await eventually(async () => {
      const deferred = (await harness.recorded()).filter(({ status }) => status === 'PENDING');
      expect(deferred).toHaveLength(DEFERRED);
      for (const row of deferred) expect(row).toMatchObject({ attempts: 1 });
    }, 40_000);
    const [row] = await harness.office.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL',
    );
    expect(row!.count).toBe(0);
  } finally {
    await worker.stop();
    await mail.stop();
    await harness.office.database.query('TRUNCATE notifications, outbox');
  }
}

it(
  'a 450 for many people of a show delays nobody else, in process',
  () => expectNoDelay({}),
  60_000,
);

describeWith('over RabbitMQ', findBroker(), RABBITMQ_MISSING, (startBroker) => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  }, 60_000);
  afterAll(() => broker.destroy());

  it(
    'a 450 for many people of a show delays nobody else',
    () => expectNoDelay({ AMQP_URL: broker.url, AMQP_PREFIX: newPrefix() }),
    60_000,
  );
});
