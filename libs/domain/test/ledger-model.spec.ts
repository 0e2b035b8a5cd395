import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditShows } from '../src/bookings/audit.js';
import { BookingOffice } from './support/booking-office.js';
import { ModelledSale, openDesk } from './support/modelled-sale.js';
import { expectWholeHistory } from './support/show-history.js';
import {
  decideBatch,
  type Answer,
  type Command,
  type ShowModel,
  type Terms,
} from './support/show-model.js';

// A failure prints its seed and path; FC_SEED=… FC_PATH=… npm test -- ledger-model runs it again.
const { FC_SEED, FC_PATH } = process.env;
const replay = FC_SEED === undefined ? {} : { seed: Number(FC_SEED), path: FC_PATH };
/** Ends the shrinking of a failure before the test's own time-out, which would not tell the seed. */
const limit = fc.interruptAfterTimeLimit(100_000);
const TIMEOUT_MS = 120_000;

/** What the runs must have met, or they have not shown much. */
const ANSWERS: Record<Command['do'], string[]> = {
  hold: [
    'done',
    'replayed',
    'IDEMPOTENCY_KEY_REUSED',
    'LIMIT_PER_USER',
    'NOT_OPEN_YET',
    'REHOLD_TOO_SOON',
    'SHOW_CLOSED',
    'SOLD_OUT',
    'TOO_MANY_HELD',
  ],
  confirm: ['done', 'BOOKING_CANCELLED', 'BOOKING_NOT_FOUND', 'HOLD_EXPIRED'],
  cancel: ['done', 'BOOKING_NOT_FOUND', 'CANCEL_CLOSED'],
  reduce: ['done', 'BOOKING_CANCELLED', 'CANCEL_CLOSED', 'HOLD_EXPIRED', 'VALIDATION_FAILED'],
  edit: ['done', 'CAPACITY_BELOW_BOOKED'],
  expire: ['done'],
  'cancel show': ['done'],
};

function word(answer: Answer): string {
  if (answer.status === 'rejected') return answer.reason.code;
  return answer.value['replayed'] ? 'replayed' : 'done';
}

function bookingId(result: PromiseSettledResult<object>): string | undefined {
  const value: { booking?: { id: string } } = result.status === 'fulfilled' ? result.value : {};
  return value.booking?.id;
}

type Step =
  | { do: 'batch'; commands: { show: number; command: Command }[] }
  | { do: 'move clock'; seconds: number }
  | { do: 'sweep' };

const SHOWS = 2;
const USERS = 2;
const number = (min: number, max: number) => fc.integer({ min, max });
const record = <Fields>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) =>
  fc.record(fields, { noNullPrototype: true });
const kind = (
  weight: number,
  name: string,
  fields: Record<string, fc.Arbitrary<unknown>> = {},
) => ({
  weight,
  arbitrary: record({ do: fc.constant(name), ...fields }),
});

// A clock that moves by multiples of 500 never comes near these times, however slow the run.
const LATER = 50_000;
const holdSeconds = fc.constantFrom(1_300, 2_200);
const maxSlotsPerUser = fc.constantFrom(null, null, 3, 5);
const few = number(1, 3);
const many = number(16, 19);
const totalSlots = fc.oneof(number(2, 9), number(19, 23));
const terms: fc.Arbitrary<Terms> = record({
  totalSlots,
  maxSlotsPerUser,
  holdSeconds,
  opensAt: fc.constantFrom(-250, -250, -250, -250, 250),
  cancelUntil: fc.constantFrom(250, 250, LATER),
  closesAt: fc.constantFrom(3_250, LATER, LATER, LATER),
});

const user = number(0, USERS - 1);
const booking = number(0, 5);
const key = fc.constantFrom(null, null, 'a', 'b');
const changes = fc.record(
  { totalSlots, maxSlotsPerUser, holdSeconds },
  { requiredKeys: [], noNullPrototype: true },
);
const command = fc.oneof(
  kind(33, 'hold', { user, quantity: few, key }),
  kind(7, 'hold', { user, quantity: many, key }),
  kind(18, 'confirm', { booking }),
  kind(9, 'cancel', { booking }),
  kind(15, 'reduce', { booking, quantity: number(1, 2) }),
  kind(9, 'edit', { changes }),
  kind(2, 'expire'),
  kind(1, 'cancel show'),
) as fc.Arbitrary<Command>;
const show = number(0, SHOWS - 1);
const commands = fc.array(record({ show, command }), { minLength: 1, maxLength: 6 });
const step = fc.oneof(
  kind(12, 'batch', { commands }),
  kind(5, 'move clock', { seconds: fc.constantFrom(500, 1_500) }),
  kind(1, 'sweep'),
) as fc.Arbitrary<Step>;

describe('the ledger beside a model of it', () => {
  let office: BookingOffice;
  const met = new Set<string>();
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());

  const take = async (step: Step, sales: readonly ModelledSale[]) => {
    if (step.do === 'move clock') {
      for (const sale of sales) await sale.moveClock(step.seconds);
    } else if (step.do === 'sweep') {
      const report = await office.newExpiry().sweep();
      expect(report).toMatchObject({ skippedShows: 0, errors: [] });
      for (const { showId, model } of sales) {
        model.sweep();
        expect(await office.show(showId)).toMatchObject(model.show);
      }
    } else {
      const results = await Promise.allSettled(
        step.commands.map(({ show, command }) => sales[show]!.submit(command)),
      );
      const answers = decideBatch(
        step.commands.map(({ show, command }, n) => ({
          show: sales[show]!.model,
          command,
          id: bookingId(results[n]!),
        })),
      );
      expect(results).toMatchObject(answers);
      for (const [n, { command }] of step.commands.entries()) {
        met.add(`${command.do}: ${word(answers[n]!)}`);
      }
    }
  };

  const check = async (sale: ModelledSale) => {
    const { showId, model } = sale;
    expect(await office.show(showId)).toMatchObject(model.show);
    expect(await sale.bookings()).toEqual(model.bookings.map((each) => model.view(each)));
    const { available, held, confirmed } = await office.counters(showId);
    expect(Math.min(available, held, confirmed)).toBeGreaterThanOrEqual(0);
    await expectWholeHistory(office, showId);
  };

  const run = async (offers: Terms[], steps: Step[]) => {
    // What they hold is counted over all shows, so that a run has users of its own.
    const desk = await openDesk(office, USERS);
    const models: ShowModel[] = [];
    const sales = await Promise.all(offers.map((offer) => ModelledSale.open(desk, offer, models)));
    for (const step of steps) await take(step, sales);
    const { drifts } = await auditShows(office.dataSource);
    for (const sale of sales) {
      expect(drifts.filter(({ showId }) => showId === sale.showId)).toEqual([]);
      await check(sale);
    }
  };

  it(
    'decides, counts and tells as the rules say, in whatever order things happen',
    async () => {
      const offers = fc.array(terms, { minLength: SHOWS, maxLength: SHOWS });
      // Without bias towards short ones, which meet little.
      const steps = fc.noBias(fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }));
      const property = fc.asyncProperty(offers, steps, run);
      await fc.assert(property, { numRuns: 300, plugins: [limit], ...replay });

      const missed = Object.entries(ANSWERS).flatMap(([command, answers]) =>
        answers.map((answer) => `${command}: ${answer}`).filter((each) => !met.has(each)),
      );
      expect(FC_SEED === undefined ? missed : []).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
