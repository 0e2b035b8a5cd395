import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

describe('a booking that cannot be changed', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
  });
  afterAll(() => installation.stop());

  const reduce = (id: string, quantity: unknown, by = ada) =>
    by.request('POST', `/api/v1/bookings/${id}/reduce`, { body: { quantity } });
  const held = async (quantity: number, show: Record<string, unknown> = {}) => {
    const { id: showId } = await admin.createShow(show);
    const { status, body } = await ada.hold(showId, quantity);
    expect(status).toBe(201);
    return { showId, id: body.id };
  };

  it('is 409 BOOKING_CANCELLED to confirm and to reduce once it is cancelled', async () => {
    const { id } = await held(2);
    expect((await ada.act('cancel', id)).status).toBe(200);
    const cancelled = { status: 409, body: { code: 'BOOKING_CANCELLED' } };
    expect(await ada.act('confirm', id)).toMatchObject(cancelled);
    expect(await reduce(id, 1)).toMatchObject(cancelled);
  });

  it('is 409 BOOKING_CANCELLED when its show is cancelled', async () => {
    const { id, showId } = await held(2);
    expect((await admin.request('POST', `/api/v1/shows/${showId}/cancel`)).status).toBe(200);
    const cancelled = { status: 409, body: { code: 'BOOKING_CANCELLED' } };
    expect(await ada.act('confirm', id)).toMatchObject(cancelled);
    expect(await reduce(id, 1)).toMatchObject(cancelled);
  });

  it('is 410 HOLD_EXPIRED to reduce once its hold has lapsed', async () => {
    const { id, showId } = await held(2);
    await installation.database.query(`UPDATE bookings SET expires_at = now() WHERE show_id = $1`, [
      showId,
    ]);
    expect(await reduce(id, 1)).toMatchObject({ status: 410, body: { code: 'HOLD_EXPIRED' } });
  });

  it('is 409 CANCEL_CLOSED to reduce or cancel after the deadline, but not for an admin', async () => {
    const cancelUntil = inSeconds(-3_600);
    const endsAt = inSeconds(3_600);
    const { id } = await held(3, { startsAt: cancelUntil, endsAt, bookingClosesAt: endsAt });
    await ada.act('confirm', id);
    const closed = { status: 409, body: { code: 'CANCEL_CLOSED', cancelUntil } };
    expect(await reduce(id, 1)).toMatchObject(closed);
    expect(await ada.act('cancel', id)).toMatchObject(closed);
    expect(await reduce(id, 2, admin)).toMatchObject({ status: 200, body: { quantity: 2 } });
    expect(await admin.act('cancel', id)).toMatchObject({
      status: 200,
      body: { status: 'CANCELLED' },
    });
  });

  it('is 404 for everybody but its owner and admins, and 401 for visitors', async () => {
    const { id, showId } = await held(3);
    const bob = await api.client().register();
    const unknown = { status: 404, body: { code: 'BOOKING_NOT_FOUND' } };
    expect(await reduce(id, 1, bob)).toMatchObject(unknown);
    expect((await reduce(id, 1, api.client())).status).toBe(401);
    expect(await admin.show(showId)).toMatchObject({ heldSlots: 3 });
  });

  it.each([0, -1, 1.5, '1', null, undefined])('is 400 to reduce to %j', async (quantity) => {
    const { id, showId } = await held(3);
    const { status, body } = await reduce(id, quantity);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'VALIDATION_FAILED' });
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(new Set(paths)).toEqual(new Set(['quantity']));
    expect(await admin.show(showId)).toMatchObject({ heldSlots: 3 });
  });

  it('never grows: reducing to more is 400, to the same changes nothing', async () => {
    const { id, showId } = await held(3);
    expect(await reduce(id, 4)).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ path: 'quantity', message: 'quantity must not be above 3' }],
      },
    });
    const { version } = await admin.show(showId);
    expect(await reduce(id, 3)).toMatchObject({ status: 200, body: { quantity: 3 } });
    expect(await admin.show(showId)).toMatchObject({ heldSlots: 3, version });
  });
});
