import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingEngine } from '../src/ledger/booking-engine.js';
import { BookingsService } from '../src/bookings/bookings.service.js';
import { BookingOffice, GROUP_COMMIT, HOLD_SECONDS } from './support/booking-office.js';

/** As Citus tells it of a worker node that does not accept connections. */
const NODE_LOST = Object.assign(new Error('connection to the remote node failed'), {
  severity: 'ERROR',
  code: '08006',
});

describe('a node of the cluster that is away', () => {
  let office: BookingOffice;
  let bookings: BookingsService;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    const settings = { ...GROUP_COMMIT, lanes: 1, maxKeysPerBatch: 1 };
    bookings = new BookingsService(new BookingEngine(office.ledger, settings), HOLD_SECONDS);
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  /** The transactions that concern this show fail, so often. */
  const lose = (lostId: string, times: number) => {
    const original = office.ledger.run.bind(office.ledger);
    let left = times;
    office.ledger.run = async (commands, options) => {
      const isLost = commands.some(({ showIds }) => showIds.includes(lostId));
      if (isLost && left-- > 0) throw NODE_LOST;
      return original(commands, options);
    };
    return () => (office.ledger.run = original);
  };

  it('costs its own shows at once, and the shows in the same lane next to nothing', async () => {
    const [away, there] = [await office.createShow(), await office.createShow()];
    const restore = lose(away.id, Infinity);
    const started = performance.now();
    const lost = Array.from({ length: 3 }, () =>
      bookings.hold({ showId: away.id, userId, quantity: 1 }),
    );
    const held = bookings.hold({ showId: there.id, userId, quantity: 1 });
    for (const outcome of await Promise.allSettled(lost)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    }
    expect(await held).toMatchObject({ booking: { status: 'PENDING' } });
    expect(performance.now() - started).toBeLessThan(2_000);
    restore();
  });

  it('is not noticed when only its connections were old', async () => {
    const { id: showId } = await office.createShow();
    const restore = lose(showId, 2);
    expect(await bookings.hold({ showId, userId, quantity: 1 })).toMatchObject({ replayed: false });
    restore();
  });
});
