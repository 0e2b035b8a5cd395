import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

describe('shows over HTTP', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let anyone: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    admin = await api.client().registerAdmin();
    anyone = api.client();
  });
  afterAll(() => installation.stop());

  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

  it('are created with every field, and read by anyone', async () => {
    const fields = {
      title: '  Night bus ',
      description: 'Sleeper',
      kind: 'BUS',
      origin: 'Pune',
      destination: 'Goa',
      region: 'West',
      startsAt: '2031-05-01T22:30:00+05:30',
      endsAt: '2031-05-02T06:00:00+05:30',
      timeZone: 'Asia/Kolkata',
      totalSlots: 30,
      maxSlotsPerUser: 6,
      holdSeconds: 300,
    };
    const created = await admin.request('POST', '/api/v1/shows', { body: fields });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/v1/shows/${created.body.id}`);
    expect(created.body).toMatchObject({
      ...fields,
      title: 'Night bus',
      startsAt: '2031-05-01T17:00:00.000Z',
      endsAt: '2031-05-02T00:30:00.000Z',
      availableSlots: 30,
      heldSlots: 0,
      venue: null,
      status: 'SCHEDULED',
      availability: 'OPEN',
      version: 1,
    });
    const read = await anyone.request('GET', `/api/v1/shows/${created.body.id}`);
    expect(read.body).toEqual(created.body);
    expect(read.headers.get('etag')).toBe('"1-1-OPEN"');
  });

  it('are edited in part; null clears; the ETag guards against lost edits, not against sales', async () => {
    const { id } = await admin.createShow({ venue: 'Old hall' });
    const path = `/api/v1/shows/${id}`;
    const etag = (await anyone.request('GET', path)).headers.get('etag')!;
    await (await api.client().register()).hold(id);
    const headers = { 'if-match': etag };
    const edited = await admin.request('PATCH', path, { headers, body: { venue: null } });
    expect(edited).toMatchObject({ status: 200, body: { venue: null, title: 'A show' } });
    expect(edited.headers.get('etag')).toBe('"2-3-OPEN"');
    const unchanged = await admin.request('PATCH', path, { body: {} });
    expect(unchanged.headers.get('etag')).toBe('"2-3-OPEN"');
    for (const old of [etag, `W/${etag}`, 'nonsense', '"x"']) {
      const lost = await admin.request('PATCH', path, {
        headers: { 'if-match': old },
        body: { title: 'Lost' },
      });
      expect(lost).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    }
  });

  it('cannot shrink below what is booked', async () => {
    const { id } = await admin.createShow({ totalSlots: 5 });
    await (await api.client().register()).hold(id, 3);
    const shrink = (totalSlots: number) =>
      admin.request('PATCH', `/api/v1/shows/${id}`, { body: { totalSlots } });
    expect(await shrink(2)).toMatchObject({
      status: 409,
      body: { code: 'CAPACITY_BELOW_BOOKED', bookedSlots: 3 },
    });
    expect(await shrink(3)).toMatchObject({ status: 200, body: { availableSlots: 0 } });
  });

  it('are deleted only if never booked, and cancelled with their bookings otherwise', async () => {
    const { id } = await admin.createShow();
    expect((await admin.request('DELETE', `/api/v1/shows/${id}`)).status).toBe(204);
    expect((await anyone.request('GET', `/api/v1/shows/${id}`)).status).toBe(404);
    const ada = await api.client().register();
    const { id: booked } = await admin.createShow();
    const { body: booking } = await ada.hold(booked);
    const refused = await admin.request('DELETE', `/api/v1/shows/${booked}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'SHOW_HAS_BOOKINGS' } });
    const cancelled = await admin.request('POST', `/api/v1/shows/${booked}/cancel`);
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'CANCELLED', availability: 'CLOSED' },
    });
    expect((await ada.request('GET', `/api/v1/bookings/${booking.id}`)).body).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'SHOW_CANCELLED',
    });
  });

  it('are not sent again to who has them', async () => {
    const { id } = await admin.createShow();
    for (const path of [`/api/v1/shows/${id}`, '/api/v1/shows?from=2020-01-01T00:00:00Z']) {
      const first = await anyone.request('GET', path);
      expect(first.headers.get('cache-control')).toBe('public, no-cache');
      const headers = { 'if-none-match': first.headers.get('etag')! };
      const second = await anyone.request('GET', path, { headers });
      expect(second).toMatchObject({ status: 304, body: '' });
    }
    const etag = (await anyone.request('GET', `/api/v1/shows/${id}`)).headers.get('etag')!;
    await (await api.client().register()).hold(id);
    const changed = await anyone.request('GET', `/api/v1/shows/${id}`, {
      headers: { 'if-none-match': etag },
    });
    expect(changed.status).toBe(200);
  });

  it('are listed by start, page by page, each once', async () => {
    const region = 'Paging';
    const created: string[] = [];
    for (const hours of [5, 1, 3, 3, 2]) {
      created.push((await admin.createShow({ region, startsAt: inHours(hours) })).id);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await anyone.request(
        'GET',
        `/api/v1/shows?region=${region}&limit=2${cursor}`,
      );
      for (const show of body.data) seen.push(show.id);
      cursor = body.page.nextCursor && `&cursor=${body.page.nextCursor}`;
    } while (cursor);
    expect(seen.slice().sort()).toEqual(created.slice().sort());
    expect(seen[0]).toBe(created[1]);
    expect(seen[4]).toBe(created[0]);
  });

  it('leave out the past unless it is asked for', async () => {
    const region = 'Past';
    const { id } = await admin.createShow({ region });
    await installation.database.query(
      `UPDATE shows SET starts_at = now() - interval '1 hour' WHERE id = $1`,
      [id],
    );
    const list = (query: string) => anyone.request('GET', `/api/v1/shows?region=${region}${query}`);
    expect((await list('')).body.data).toEqual([]);
    expect((await list(`&from=${inHours(-2)}`)).body.data).toHaveLength(1);
  });
});
