import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, ApiClient, Booking } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { itUndistributed } from '../../../test/optional.js';
import { createBuyers } from './support/buyers.js';

const SLOTS = 100;
const PEOPLE = 2_000;
const TWINS = 20;
const KEYS = 60;

/** How many answers there were of each kind. */
function tally(answers: Answer<Booking>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = status === 201 ? 'booked' : `${status} ${String(body['code'])}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a race over two API processes', () => {
  let installation: Installation;
  let apis: ApiProcess[];
  let admin: ApiClient;
  beforeAll(async () => {
    installation = await Installation.create();
    apis = await Promise.all([installation.startApi(), installation.startApi()]);
    admin = await apis[0]!.client().registerAdmin();
  });
  afterAll(() => installation.stop());

  it('sells 100 slots to 2,000 people at once exactly 100 times', async () => {
    const { id } = await admin.createShow({ totalSlots: SLOTS });
    const buyers = await createBuyers(installation, PEOPLE);
    const answers = await Promise.all(
      buyers.map((token, i) => apis[i % 2]!.client(token).hold(id)),
    );
    expect(tally(answers)).toEqual({ booked: SLOTS, '409 SOLD_OUT': PEOPLE - SLOTS });
    const sold = answers.filter(({ status }) => status === 201);
    expect(new Set(sold.map(({ body }) => body.id)).size).toBe(SLOTS);
    expect(await admin.show(id)).toMatchObject({ availableSlots: 0, heldSlots: SLOTS });
    expect(await installation.audit()).toMatch(/^\d+ shows audited, drift in 0\n$/);
  }, 60_000);

  it('makes one booking of one key sent 20 times at once, and refuses it for another', async () => {
    const { id } = await admin.createShow({ totalSlots: SLOTS });
    const [token] = await createBuyers(installation, 1);
    const people = apis.map((api) => api.client(token));
    const answers = await Promise.all(
      Array.from({ length: TWINS }, (_, i) => people[i % 2]!.hold(id, 2, 'one-key')),
    );
    expect(tally(answers)).toEqual({ booked: TWINS });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
    expect(replays).toHaveLength(TWINS - 1);

    const others = await Promise.all(people.map((person) => person.hold(id, 3, 'one-key')));
    expect(tally(others)).toEqual({ '422 IDEMPOTENCY_KEY_REUSED': 2 });
    expect(await admin.show(id)).toMatchObject({ availableSlots: SLOTS - 2, heldSlots: 2 });
    expect(await installation.audit()).toMatch(/^\d+ shows audited, drift in 0\n$/);
  });

  itUndistributed(
    'books each of 60 keys once that are sent for two shows at once',
    'there a key is of its account and show',
    async () => {
      const shows = await Promise.all(apis.map(() => admin.createShow({ totalSlots: SLOTS })));
      const [token] = await createBuyers(installation, 1);
      const keys = Array.from({ length: KEYS }, (_, n) => `key-${n}`);
      const answers = await Promise.all(
        keys.flatMap((key) => shows.map(({ id }, i) => apis[i]!.client(token).hold(id, 1, key))),
      );
      expect(tally(answers)).toEqual({ booked: KEYS, '422 IDEMPOTENCY_KEY_REUSED': KEYS });
      const held = await Promise.all(shows.map(({ id }) => admin.show(id)));
      expect(held[0]!.heldSlots + held[1]!.heldSlots).toBe(KEYS);
      expect(await installation.audit()).toMatch(/^\d+ shows audited, drift in 0\n$/);
    },
  );
});
