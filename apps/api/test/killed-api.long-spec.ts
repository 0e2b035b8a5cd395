import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../../../test/installation.js';
import { ApiPair } from './support/api-pair.js';
import { createBuyers } from './support/buyers.js';
import { RetryingBuyer } from './support/retrying-buyer.js';

const KILLS = 20;
const BUYERS = 40;
const BOOKINGS_PER_BURST = 2;
/** The small ones sell out, so that a retry can meet a refusal too. */
const SHOWS = [50, 300, 100_000, 100_000];
/** However slow the machine is, what was held in the first burst is held when the last one is over. */
const HOLD_SECONDS = 3_600;

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

describe('twenty bursts, each with a kill -9 of one of two API processes', () => {
  let installation: Installation;
  let apis: ApiPair;
  let shows: { id: string }[];
  let buyers: RetryingBuyer[];
  beforeAll(async () => {
    installation = await Installation.create();
    apis = await ApiPair.start(installation);
    const admin = await apis.next().client().registerAdmin();
    shows = await Promise.all(
      SHOWS.map((totalSlots) => admin.createShow({ totalSlots, holdSeconds: HOLD_SECONDS })),
    );
    const tokens = await createBuyers(installation, BUYERS);
    buyers = tokens.map((token) => new RetryingBuyer(apis, token));
    for (let round = 0; round < KILLS; round++) {
      // Now in the middle of the first holds, now of the last confirmations.
      await burst(round, 1 + ((round * 31) % (BUYERS * BOOKINGS_PER_BURST)));
    }
  }, 180_000);
  afterAll(() => installation.stop());

  /** Everybody at once. @param killAfter how many answers before the kill */
  const burst = async (round: number, killAfter: number) => {
    let answers = 0;
    let killed: Promise<void> | undefined;
    const answered = () => {
      if (++answers === killAfter) killed = apis.replace(round);
    };
    const buy = async (buyer: RetryingBuyer, i: number) => {
      for (let n = i + round; n < i + round + BOOKINGS_PER_BURST; n++) {
        const held = await buyer.hold(shows[n % shows.length]!.id, 1 + (n % 3));
        answered();
        if (!held || n % 5 === 0) continue;
        await buyer.act(n % 5 === 1 ? 'cancel' : 'confirm', held.id);
        answered();
        if (n % 5 === 2) await buyer.act('cancel', held.id);
      }
    };
    await Promise.all(buyers.map(buy));
    await killed;
  };

  it('hits requests in flight, some of them between their commit and their answer', () => {
    expect(apis.kills).toBe(KILLS);
    expect(sum(buyers.map(({ torn }) => torn))).toBeGreaterThan(3 * KILLS);
    expect(sum(buyers.map(({ lostAnswers }) => lostAnswers))).toBeGreaterThan(0);
  });

  it('turns nobody away but for want of slots', () => {
    expect(buyers.flatMap(({ unexplained }) => unexplained)).toEqual([]);
    expect(new Set(buyers.flatMap(({ refusals }) => refusals))).toEqual(new Set(['409 SOLD_OUT']));
  });

  it('leaves every booking as it was acknowledged last, and no other', async () => {
    for (const buyer of buyers) {
      expect((await buyer.list()).sort(byId)).toEqual([...buyer.told.values()].sort(byId));
    }
  });

  it('makes one booking of each key that was answered with one, and none of the others', async () => {
    const keys = sum(buyers.map(({ keysBooked }) => keysBooked));
    const counts = await installation.database.query(
      `SELECT count(*)::int AS bookings,
              count(DISTINCT (user_id, idempotency_key))::int AS keys FROM bookings`,
    );
    expect(counts).toEqual([{ bookings: keys, keys }]);
  });

  it('keeps the counters true', async () => {
    expect(await installation.audit()).toBe('4 shows audited, drift in 0\n');
  });

  it('has an event for every version of a show, and of a booking the newest', async () => {
    const gaps = await installation.database.query(
      `SELECT shows.id, shows.version, array_agg(outbox.version ORDER BY outbox.version) AS versions
       FROM shows LEFT JOIN outbox ON aggregate_id = shows.id
       GROUP BY shows.id
       HAVING array_agg(outbox.version ORDER BY outbox.version)
           <> ARRAY(SELECT generate_series(1, shows.version))`,
    );
    expect(gaps).toEqual([]);
    const missing = await installation.database.query(
      `SELECT reference, status, payload FROM bookings
       LEFT JOIN outbox ON aggregate_id = show_id AND outbox.version = bookings.version
       WHERE payload ->> 'reference' IS DISTINCT FROM reference
          OR payload ->> 'status' IS DISTINCT FROM status::text`,
    );
    expect(missing).toEqual([]);
  });
});
