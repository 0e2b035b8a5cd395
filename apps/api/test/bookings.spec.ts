import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

describe('booking over HTTP', () => {
  let installation: Installation;
  let api: ApiProcess;
  let ada: ApiClient;
  let bob: ApiClient;
  let admin: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    admin = await api.client().registerAdmin();
    [ada, bob] = await Promise.all([api.client().register(), api.client().register()]);
  });
  afterAll(() => installation.stop());

  it('holds, confirms and cancels, and the counter follows', async () => {
    const { id: showId } = await admin.createShow({ totalSlots: 5, venue: 'Hall' });
    const held = await ada.hold(showId, 2);
    expect(held.status).toBe(201);
    expect(held.headers.get('location')).toBe(`/api/v1/bookings/${held.body.id}`);
    expect(held.body).toMatchObject({
      showId,
      quantity: 2,
      status: 'PENDING',
      secondsToExpiry: 120,
      cancelReason: null,
      confirmedAt: null,
      reference: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/),
      show: { title: 'A show', kind: 'EVENT', venue: 'Hall', timeZone: 'Asia/Kolkata' },
    });
    expect(await ada.show(showId)).toMatchObject({ availableSlots: 3, heldSlots: 2 });

    const confirmed = await ada.act('confirm', held.body.id);
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
    expect(confirmed.body.version).toBeGreaterThan(held.body.version);
    expect(await ada.show(showId)).toMatchObject({ availableSlots: 3, heldSlots: 0 });

    const reduced = await ada.request('POST', `/api/v1/bookings/${held.body.id}/reduce`, {
      body: { quantity: 1 },
    });
    expect(reduced).toMatchObject({ status: 200, body: { quantity: 1 } });
    const cancelled = await ada.act('cancel', held.body.id);
    expect(cancelled.body).toMatchObject({ status: 'CANCELLED', cancelReason: 'USER' });
    expect(await ada.show(showId)).toMatchObject({ availableSlots: 5, heldSlots: 0 });
    const read = await ada.request('GET', `/api/v1/bookings/${held.body.id}`);
    expect(read).toMatchObject({ status: 200, body: cancelled.body });
  });

  it('answers the documented refusals', async () => {
    const { id: showId } = await admin.createShow({ totalSlots: 2, maxSlotsPerUser: 1 });
    const { body: first } = await ada.hold(showId);
    expect(await ada.hold(showId)).toMatchObject({
      status: 409,
      body: { code: 'LIMIT_PER_USER', maxSlotsPerUser: 1, bookedSlots: 1 },
    });
    await bob.hold(showId);
    const cy = await api.client().register();
    expect(await cy.hold(showId)).toMatchObject({
      status: 409,
      body: {
        code: 'SOLD_OUT',
        availableSlots: 0,
        heldSlots: 2,
        nextReleaseAt: first['expiresAt'],
      },
    });
    expect(await cy.show(showId)).toMatchObject({
      availability: 'ALL_HELD',
      nextReleaseAt: first['expiresAt'],
    });
    const opensAt = new Date(Date.now() + 60_000).toISOString();
    const later = await admin.createShow({ bookingOpensAt: opensAt });
    expect(later).toMatchObject({ availability: 'UPCOMING', secondsToOpen: 60 });
    expect(await ada.hold(later.id)).toMatchObject({
      status: 409,
      body: { code: 'NOT_OPEN_YET', opensAt, secondsToOpen: 60 },
    });
    await admin.request('POST', `/api/v1/shows/${later.id}/cancel`);
    expect(await ada.hold(later.id)).toMatchObject({ status: 409, body: { code: 'SHOW_CLOSED' } });
  });

  it('answers 410 for a hold that lapsed, and its slot is free again', async () => {
    const { id: showId } = await admin.createShow({ totalSlots: 1 });
    const { body } = await ada.hold(showId);
    await installation.database.query(`UPDATE bookings SET expires_at = now() WHERE show_id = $1`, [
      showId,
    ]);
    expect(await ada.act('confirm', body.id)).toMatchObject({
      status: 410,
      body: { code: 'HOLD_EXPIRED' },
    });
    expect((await bob.hold(showId)).status).toBe(201);
    expect(await ada.act('cancel', body.id)).toMatchObject({
      status: 200,
      body: { status: 'CANCELLED', cancelReason: 'EXPIRED' },
    });
  });

  it('keeps bookings to their owner, and opens them to admins', async () => {
    const { id: showId } = await admin.createShow();
    const { body } = await ada.hold(showId);
    const path = `/api/v1/bookings/${body.id}`;
    expect((await bob.request('GET', path)).status).toBe(404);
    expect((await bob.act('confirm', body.id)).status).toBe(404);
    expect((await bob.act('cancel', body.id)).status).toBe(404);
    expect((await admin.request('GET', path)).status).toBe(200);
    expect((await admin.act('cancel', body.id)).status).toBe(200);
  });

  it('replays an idempotent request, and refuses the key for another one', async () => {
    const { id: showId } = await admin.createShow();
    const first = await ada.hold(showId, 1, 'key-1');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await ada.hold(showId, 1, '"key-1"');
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await ada.hold(showId, 2, 'key-1')).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('lists own bookings newest first, page by page, by what they read as', async () => {
    const cy = await api.client().register();
    const { id: showId } = await admin.createShow();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await cy.hold(showId)).body.id);
    await cy.act('confirm', ids[1]!);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await cy.request('GET', `/api/v1/bookings?limit=2${cursor}`);
      for (const booking of body.data) seen.push(booking.id);
      expect(body.page.limit).toBe(2);
      cursor = body.page.nextCursor && `&cursor=${body.page.nextCursor}`;
    } while (cursor);
    expect(seen).toEqual(ids);
    await installation.database.query(
      `UPDATE bookings SET expires_at = now() - interval '11 s' WHERE reference = $1`,
      [(await cy.request('GET', `/api/v1/bookings/${ids[4]}`)).body.reference],
    );
    const idsOf = async (status: string) => {
      const { body } = await cy.request('GET', `/api/v1/bookings?status=${status}`);
      return body.data.map((booking: { id: string }) => booking.id);
    };
    expect(await idsOf('CONFIRMED')).toEqual([ids[1]]);
    expect(await idsOf('PENDING')).toEqual([ids[0], ids[2], ids[3]]);
    expect(await idsOf('CANCELLED')).toEqual([ids[4]]);
  });

  it('shows organisers who booked', async () => {
    const { id: showId } = await admin.createShow();
    const { body: booking } = await ada.request('POST', '/api/v1/bookings', {
      body: { showId, customer: { name: 'Grace', phone: '+919876543210' } },
    });
    const { body } = await admin.request('GET', `/api/v1/shows/${showId}/bookings`);
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({
      id: booking.id,
      user: { id: ada.userId },
      customer: { name: 'Grace', email: null, phone: '+919876543210' },
    });
    expect(body.data[0].user).not.toHaveProperty('passwordHash');
  });
});
