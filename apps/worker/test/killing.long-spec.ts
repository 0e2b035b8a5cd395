import { expect, it } from '@jest/globals';
import { describeWith } from '../../../test/optional.js';
import { findRabbitServer, RABBITMQ_MISSING } from '../../../test/rabbitmq-server.js';
import { sellWhileKilling } from './support/killing.js';

describeWith('fifty kill -9 of what relays', findRabbitServer(), RABBITMQ_MISSING, (programs) => {
  it('lose no event of 5,000 bookings', async () => {
    const report = await sellWhileKilling(programs, { kills: 50, bookings: 5_000 });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ bookings: 5_000, events: 10_010, handled: 10_010 });
    expect(report.duplicates).toBeLessThanOrEqual(report.allowedDuplicates);
  }, 600_000);
});
