import { RefreshTokensService } from '@modex/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { BookingOffice } from '../../../libs/domain/test/support/booking-office.js';
import { HousekeepingService } from '../src/housekeeping/housekeeping.service.js';

describe('housekeeping', () => {
  let office: BookingOffice;
  let registry: Registry;
  let housekeeping: HousekeepingService;
  beforeAll(async () => {
    office = await BookingOffice.open();
    registry = new Registry();
    const logger = pino({ level: 'silent' });
    housekeeping = new HousekeepingService(office.dataSource, logger, registry);
  });
  afterAll(() => office.close());

  const drifting = async () =>
    Number(/^modex_drifting_shows (\d+)/m.exec(await registry.metrics())![1]);
  const count = async (table: string) =>
    (await office.database.query(`SELECT 1 FROM ${table}`)).length;

  it('counts the shows that do not add up', async () => {
    const show = await office.createShow({ totalSlots: 10 });
    await housekeeping.audit();
    expect(await drifting()).toBe(0);
    const spoil = (by: number) =>
      office.database.query(
        'UPDATE shows SET available_slots = available_slots + $2 WHERE id = $1',
        [show.id, by],
      );
    await spoil(-1);
    await housekeeping.audit();
    expect(await drifting()).toBe(1);
    await spoil(1);
    await housekeeping.audit();
    expect(await drifting()).toBe(0);
  });

  it('deletes old published events, in as many batches as it takes', async () => {
    await office.database.query('TRUNCATE outbox');
    await office.database.query(
      `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at, published_at, position)
       SELECT gen_random_uuid(), gen_random_uuid(), 1, 'booking.held', '{}', day, day, n
       FROM generate_series(1, 2500) AS n,
         LATERAL (SELECT now() - interval '31 days' AS day) AS long_ago`,
    );
    await housekeeping.prune();
    expect(await count('outbox')).toBe(0);
  });

  it('deletes the tokens of sessions that have ended', async () => {
    const userId = await office.createUser();
    const tokens = new RefreshTokensService(office.dataSource, 3_600);
    const stolen = (await tokens.issue({ id: userId, passwordHash: 'none' }))!;
    const successor = (await tokens.rotate(stolen.token))!;
    await office.database.query(
      `UPDATE refresh_tokens SET rotated_at = now() - interval '1 hour' WHERE rotated_at IS NOT NULL`,
    );
    // A used token that returns ends its family.
    expect(await tokens.rotate(stolen.token)).toBeNull();
    await office.database.query(
      `UPDATE refresh_tokens SET expires_at = now() - interval '1 s' WHERE revoked_at IS NOT NULL`,
    );
    await housekeeping.prune();
    expect(await count('refresh_tokens')).toBe(2);
    expect(await tokens.rotate(successor.token)).toBeNull();
    await office.database.query(`UPDATE refresh_tokens SET expires_at = now() - interval '1 s'`);
    await housekeeping.prune();
    expect(await count('refresh_tokens')).toBe(0);
  });
});
