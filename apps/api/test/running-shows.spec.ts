import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

describe('a show that runs', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let visitor: ApiClient;
  beforeAll(async () => {
    // Long enough that nothing is read again for its age.
    ({ installation, api } = await Installation.withApi({ CACHE_SECONDS: '60' }));
    admin = await api.client().registerAdmin();
    visitor = api.client();
  });
  afterAll(() => installation.stop());

  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
  const listed = async (query: string) => {
    const { body } = await visitor.request('GET', `/api/v1/shows?${query}`);
    return (body.data as { id: string }[]).map(({ id }) => id);
  };

  it('sells until its sale closes and is listed until its end, from the cache too', async () => {
    const [closing, ending] = [3, 5];
    const startsAt = inSeconds(-3_600);
    const { id } = await admin.createShow({
      region: 'Fair',
      startsAt,
      endsAt: inSeconds(ending),
      bookingClosesAt: inSeconds(closing),
    });
    const { id: later } = await admin.createShow({ region: 'Fair', startsAt: inSeconds(60) });
    const buyer = await api.client().register();
    const { id: booked } = (await buyer.hold(id)).body;
    const confirmed = await buyer.request('POST', `/api/v1/bookings/${booked}/confirm`);
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
    // What is sold while it runs cannot be cancelled, unless by an organiser.
    expect(await buyer.request('POST', `/api/v1/bookings/${booked}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'CANCEL_CLOSED', cancelUntil: startsAt },
    });
    expect(await visitor.show(id)).toMatchObject({ availability: 'OPEN', availableSlots: 9 });
    expect(await listed('region=Fair')).toEqual([id, later]);
    expect(await listed('region=Fair&available=true')).toEqual([id, later]);
    expect(await listed(`region=Fair&from=${inSeconds(-1)}`)).toEqual([later]);

    await eventually(
      async () => {
        expect(await visitor.show(id)).toMatchObject({ availability: 'CLOSED' });
      },
      closing * 1_000 + 500,
    );
    expect((await buyer.hold(id)).body).toMatchObject({ code: 'SHOW_CLOSED' });
    expect(await listed('region=Fair')).toEqual([id, later]);
    expect(await listed('region=Fair&available=true')).toEqual([later]);

    await eventually(async () => {
      expect(await listed('region=Fair')).toEqual([later]);
    }, ending * 1_000);
  });

  it('answers an edit of its start with the times that moved along', async () => {
    const { id } = await admin.createShow({
      startsAt: '2031-05-01T10:00:00Z',
      endsAt: '2031-05-03T18:00:00Z',
      bookingOpensAt: '2031-01-01T00:00:00Z',
      bookingClosesAt: '2031-05-03T12:00:00Z',
      cancelUntil: '2031-04-30T10:00:00Z',
    });
    const path = `/api/v1/shows/${id}`;
    const moved = await admin.request('PATCH', path, {
      body: { startsAt: '2031-05-02T11:30:00Z' },
    });
    expect(moved).toMatchObject({
      status: 200,
      body: {
        endsAt: '2031-05-04T19:30:00.000Z',
        bookingOpensAt: '2031-01-01T00:00:00.000Z',
        bookingClosesAt: '2031-05-04T13:30:00.000Z',
        cancelUntil: '2031-05-01T11:30:00.000Z',
      },
    });
  });

  it('cannot be made one that has been, once it is booked', async () => {
    const { id } = await admin.createShow();
    await (await api.client().register()).hold(id);
    const body = { startsAt: inSeconds(-1) };
    const refused = await admin.request('PATCH', `/api/v1/shows/${id}`, { body });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'START_IN_PAST', bookedSlots: 1, status: 409 },
    });
  });
});
