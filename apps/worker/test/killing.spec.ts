import { expect, it } from '@jest/globals';
import { describeWith } from '../../../test/optional.js';
import { findRabbitServer, RABBITMQ_MISSING } from '../../../test/rabbitmq-server.js';
import { sellWhileKilling } from './support/killing.js';

describeWith('kill -9 of what relays', findRabbitServer(), RABBITMQ_MISSING, (programs) => {
  it('loses no event', async () => {
    const report = await sellWhileKilling(programs, { kills: 6, bookings: 600 });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ bookings: 600, events: 1_210, handled: 1_210 });
    expect(report.duplicates).toBeLessThanOrEqual(report.allowedDuplicates);
  }, 180_000);
});
