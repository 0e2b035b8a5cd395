import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeBookingId } from '@modex/domain';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

let installation: Installation;
let api: ApiProcess;
let admin: ApiClient;
beforeAll(async () => {
  ({ installation, api } = await Installation.withApi());
  admin = await api.client().registerAdmin();
});
afterAll(() => installation.stop());

describe('preferences', () => {
  const change = (user: ApiClient, body: object) =>
    user.request('PATCH', '/api/v1/me/preferences', { body });
  const read = async (user: ApiClient) =>
    (await user.request('GET', '/api/v1/me/preferences')).body;

  it('begin with e-mail in English, and no SMS', async () => {
    const ada = await api.client().register();
    expect(await read(ada)).toEqual({ locale: 'en', phone: null, email: true, sms: false });
  });

  it('change where they are told to, for oneself', async () => {
    const [ada, bob] = [await api.client().register(), await api.client().register()];
    const chosen = { locale: 'hi', phone: '+919876543210', email: false, sms: true };
    expect(await change(ada, chosen)).toMatchObject({ status: 200, body: chosen });
    expect(await change(ada, { email: true })).toMatchObject({
      status: 200,
      body: { ...chosen, email: true },
    });
    expect(await read(ada)).toEqual({ ...chosen, email: true });
    expect(await read(bob)).toMatchObject({ locale: 'en', sms: false });
  });

  it('have SMS only with a phone', async () => {
    const ada = await api.client().register();
    const refused = { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ path: 'sms' }] } };
    expect(await change(ada, { sms: true })).toMatchObject(refused);
    await change(ada, { sms: true, phone: '+14155550100' });
    expect(await change(ada, { phone: null })).toMatchObject(refused);
    expect(await read(ada)).toMatchObject({ sms: true, phone: '+14155550100' });
    expect(await change(ada, { phone: null, sms: false })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ locale: 'fr' }, 'locale'],
    [{ locale: null }, 'locale'],
    [{ phone: '0987654321' }, 'phone'],
    [{ email: 'yes' }, 'email'],
    [{ sms: null }, 'sms'],
    [{ role: 'ADMIN' }, 'role'],
  ])('refuse %j', async (body, path) => {
    const ada = await api.client().register();
    expect(await change(ada, body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ path }] },
    });
  });

  it('are nobody else’s', async () => {
    expect((await api.client().request('GET', '/api/v1/me/preferences')).status).toBe(401);
  });
});

describe('the record of what was sent', () => {
  let ada: ApiClient;
  let bookingId: string;
  let showId: string;
  const list = (query = '', who = admin) =>
    who.request('GET', `/api/v1/notifications${query && `?${query}`}`);
  const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

  /** Writes what a worker would have. Ids rise with `n`. */
  const record = (n: number, fields: Record<string, unknown>) => {
    const id = `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const row = {
      id,
      user_id: ada.userId,
      event_id: randomUUID(),
      channel: 'EMAIL',
      kind: 'BOOKING_CONFIRMED',
      recipient: 'ada@example.com',
      show_id: showId,
      status: 'SENT',
      created_at: new Date(),
      ...fields,
    };
    const names = Object.keys(row);
    return installation.database.query(
      `INSERT INTO notifications (${names.join()}) VALUES (${names.map((_, i) => `$${i + 1}`).join()})`,
      Object.values(row),
    );
  };

  beforeAll(async () => {
    ada = await api.client().register();
    ({ id: showId } = await admin.createShow());
    ({ id: bookingId } = (await ada.hold(showId)).body);
    const booking = decodeBookingId(bookingId)!.bookingId;
    await record(1, { booking_id: booking, message_id: '<1@example.com>', sent_at: new Date() });
    await record(2, {
      channel: 'SMS',
      recipient: '+14155550100',
      status: 'FAILED',
      error: '21211',
    });
    await record(3, { show_id: randomUUID() });
    await record(4, { user_id: admin.userId, status: 'PENDING' });
  });

  it('is listed with its people, newest first', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(ids(body).map((id) => id.slice(-1))).toEqual(['4', '3', '2', '1']);
    expect(body.data[3]).toMatchObject({
      kind: 'BOOKING_CONFIRMED',
      channel: 'EMAIL',
      recipient: 'ada@example.com',
      user: { id: ada.userId, name: null },
      showId,
      bookingId,
      status: 'SENT',
      attempts: 1,
      messageId: '<1@example.com>',
      error: null,
    });
    expect(body.data[2]).toMatchObject({ status: 'FAILED', error: '21211', bookingId: null });
    expect(body.data[3].user).not.toHaveProperty('passwordHash');
  });

  it('is listed page by page', async () => {
    const first = (await list('limit=3')).body;
    const second = (await list(`limit=3&cursor=${first.page.nextCursor}`)).body;
    expect([...ids(first), ...ids(second)]).toEqual(ids((await list()).body));
    expect(second.page.nextCursor).toBeNull();
    expect((await list('cursor=x')).status).toBe(400);
  });

  it('is narrowed by status, channel, user and show', async () => {
    const found = async (query: string) => ids((await list(query)).body).map((id) => id.slice(-1));
    expect(await found('status=FAILED')).toEqual(['2']);
    expect(await found('channel=EMAIL')).toEqual(['4', '3', '1']);
    expect(await found(`userId=${ada.userId}`)).toEqual(['3', '2', '1']);
    expect(await found(`showId=${showId}&status=SENT`)).toEqual(['1']);
    expect(await list('status=LOST')).toMatchObject({ status: 400 });
    expect(await list('showId=1')).toMatchObject({ status: 400 });
  });

  it('is for organisers', async () => {
    expect(await list('', ada)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
