import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const EVENTS = 300;
/** What a relay takes before it is throttled, and then each second. */
const [AT_FIRST, EACH_SECOND] = [64, 5];
/** The longest time from an event's commit to its position in the event stream. */
const NUMBERED_WITHIN_SECONDS = 2;

describe('a throttled relay', () => {
  let installation: Installation;
  let api: ApiProcess;
  beforeAll(async () => {
    installation = await Installation.create({ RELAY_THROTTLE_FROM: '5' });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });
  afterAll(() => installation.stop());

  const events = async () => {
    const [row] = await installation.database.query<{
      all: number;
      published: number;
      lag: number;
    }>(
      `SELECT count(*)::int AS all, count(published_at)::int AS published,
              coalesce(extract(epoch FROM clock_timestamp()
                - min(created_at) FILTER (WHERE position IS NULL)), 0)::float8 AS lag
       FROM outbox`,
    );
    return row!;
  };

  it('publishes few events during a sale and the rest afterwards, but numbers them within 2 s', async () => {
    const { id } = await (await api.client().registerAdmin()).createShow();
    const ada = await api.client().register();
    await eventually(async () => expect(await events()).toMatchObject({ all: 1, published: 1 }));
    const began = performance.now();
    const lags: number[] = [];
    for (let count = 0; count < EVENTS;) {
      const { body: booking } = await ada.hold(id);
      expect((await ada.act('cancel', booking.id)).status).toBe(200);
      const { all, lag } = await events();
      count = all;
      lags.push(lag);
    }
    const seconds = (performance.now() - began) / 1_000;
    const { published } = await events();
    expect(Math.max(...lags)).toBeLessThan(NUMBERED_WITHIN_SECONDS);
    expect(published).toBeGreaterThan(1);
    expect(published).toBeLessThanOrEqual(1 + AT_FIRST + EACH_SECOND * (seconds + 1));
    await eventually(async () => {
      const { all, published: told } = await events();
      expect(told).toBe(all);
    }, 10_000);
  }, 90_000);
});
