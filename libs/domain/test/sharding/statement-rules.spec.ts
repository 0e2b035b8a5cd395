import { beforeAll, describe, expect, it } from '@jest/globals';
import { judge, loadParser, type Volatility } from './statement-rules.js';

const SHOW = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';
const VOLATILITIES = new Map<string, Volatility>([
  ['now', 'stable'],
  ['timezone', 'immutable'],
  ['to_char', 'stable'],
  ['make_interval', 'immutable'],
  ['jsonb_to_recordset', 'stable'],
  ['unnest', 'immutable'],
  ['min', 'immutable'],
  ['random', 'volatile'],
  ['clock_timestamp', 'volatile'],
]);

const complaints = (sql: string, parameters: unknown[] = [SHOW]) =>
  judge(sql, parameters, VOLATILITIES).complaints;

/** What Citus was seen to refuse, or to do on each node in its own way. */
const BROKEN: [rule: string, sql: string, complaint: RegExp, parameters?: unknown[]][] = [
  ['a lock without an id', 'SELECT * FROM shows FOR UPDATE', /^locks shows/],
  ['a lock by IN', 'SELECT * FROM shows WHERE id IN ($1, $2) FOR UPDATE', /^locks shows/],
  [
    'a lock by = ANY',
    'SELECT * FROM shows WHERE id = ANY($1) FOR UPDATE',
    /^locks shows/,
    [[SHOW]],
  ],
  [
    'a lock by booking alone',
    'SELECT * FROM bookings WHERE id = $1 FOR UPDATE SKIP LOCKED',
    /^locks bookings/,
  ],
  [
    'a lock inside',
    'UPDATE outbox SET attempts = 1 WHERE id IN (SELECT id FROM outbox LIMIT 1 FOR UPDATE)',
    /^locks outbox/,
  ],
  [
    'a lock by one of two',
    'SELECT * FROM shows WHERE id = $1 OR id = $2 FOR SHARE',
    /^locks shows/,
  ],
  [
    'a volatile function in UPDATE',
    'UPDATE bookings SET expires_at = clock_timestamp() WHERE show_id = $1',
    /^calls clock_timestamp\(\), which is volatile/,
  ],
  [
    'one in DELETE',
    'DELETE FROM outbox WHERE created_at < now() AND random() < 0.5',
    /^calls random\(\)/,
  ],
  [
    'one in an UPDATE of what lies on every node',
    'UPDATE refresh_tokens SET revoked_at = clock_timestamp() WHERE id = $1',
    /^calls clock_timestamp\(\)/,
  ],
  [
    'one that nobody knows',
    'UPDATE shows SET version = made_up() WHERE id = $1',
    /^calls made_up\(\)/,
  ],
  [
    'a stable function of a column in UPDATE',
    `UPDATE shows SET title = to_char(starts_at, 'YYYY') WHERE id = $1`,
    /^calls to_char\(\), which is stable, with a column/,
  ],
  [
    'a time with a zone and an interval in UPDATE',
    `UPDATE bookings SET expires_at = expires_at - interval '1 s' WHERE show_id = $1`,
    /^adds an interval to a column/,
  ],
  [
    'a stable function in ON CONFLICT',
    `INSERT INTO notifications (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET sent_at = now()`,
    /^calls now\(\), which is stable, in ON CONFLICT/,
  ],
  [
    'a show that moves',
    'UPDATE bookings SET show_id = $1 WHERE show_id = $2 AND id = $3',
    /^changes bookings.show_id/,
  ],
  [
    'an id that changes in ON CONFLICT',
    `INSERT INTO outbox (aggregate_id, id) VALUES ($1, $2)
     ON CONFLICT (aggregate_id, id) DO UPDATE SET aggregate_id = excluded.aggregate_id`,
    /^changes outbox.aggregate_id/,
  ],
  [
    'a join without the show',
    'SELECT 1 FROM bookings JOIN outbox ON outbox.id = bookings.id',
    /^joins outbox/,
  ],
  [
    'a join over another column',
    'SELECT 1 FROM shows, bookings WHERE shows.id = bookings.id',
    /^joins bookings/,
  ],
  [
    'a question for each row, with a LIMIT',
    `SELECT hold.at FROM unnest($1::uuid[]) AS show (id) CROSS JOIN LATERAL (
       SELECT expires_at AS at FROM bookings WHERE show_id = ANY($1) AND show_id = show.id
       ORDER BY expires_at LIMIT 1) hold`,
    /^asks bookings for each row around it/,
    [[SHOW, OTHER]],
  ],
  [
    'an insert without the show',
    'INSERT INTO bookings (id) VALUES ($1)',
    /^inserts into bookings without/,
  ],
  [
    'an insert of rows made elsewhere',
    `INSERT INTO outbox (aggregate_id, id)
     SELECT "aggregateId", id FROM jsonb_to_recordset($1) AS row ("aggregateId" uuid, id uuid)`,
    /^inserts into outbox what a SELECT has made elsewhere/,
  ],
  [
    'a choice that each node makes',
    'DELETE FROM refresh_tokens WHERE id IN (SELECT id FROM refresh_tokens LIMIT 10)',
    /^lets every node choose/,
  ],
  ['a table without a place', 'SELECT * FROM waiting_list', /^uses waiting_list/],
];

const SOUND: [what: string, sql: string, parameters?: unknown[]][] = [
  [
    'a lock of one show',
    'SELECT * FROM "shows" "show" WHERE "show"."id" = $1 FOR UPDATE SKIP LOCKED',
  ],
  [
    'a lock of one booking',
    'SELECT * FROM bookings b WHERE b.show_id = $1 AND b.id = $2 FOR UPDATE',
  ],
  [
    'a lock of what lies on every node',
    'SELECT * FROM refresh_tokens WHERE token_hash = $1 FOR UPDATE',
  ],
  [
    'a stable function in UPDATE',
    `UPDATE shows SET updated_at = now() - interval '1 s' WHERE id = $1`,
  ],
  [
    'an interval without a zone',
    `UPDATE shows SET ends_at = (ends_at AT TIME ZONE 'UTC' - interval '1 s') AT TIME ZONE 'UTC'
     WHERE id = $1`,
  ],
  ['a volatile function in SELECT', 'SELECT clock_timestamp()'],
  ['a join over the show', 'SELECT 1 FROM shows s LEFT JOIN bookings b ON b.show_id = s.id'],
  ['a join with users', 'SELECT 1 FROM bookings b JOIN users u ON u.id = b.user_id'],
  [
    'a question for each show',
    'SELECT id, (SELECT min(expires_at) FROM bookings WHERE show_id = shows.id) FROM shows',
  ],
  [
    'a question with a LIMIT, of one show',
    `SELECT hold.at FROM unnest($1::uuid[]) AS show (id) CROSS JOIN LATERAL (
       SELECT expires_at AS at FROM bookings WHERE show_id = ANY($1) AND show_id = show.id
       LIMIT 1) hold`,
    [[SHOW, SHOW]],
  ],
  [
    'rows that are made beside their show',
    `INSERT INTO outbox (aggregate_id, id) SELECT shows.id, row.id
     FROM shows, jsonb_to_recordset($2) AS row ("aggregateId" uuid, id uuid)
     WHERE shows.id = ANY($1) AND shows.id = row."aggregateId"`,
    [[SHOW]],
  ],
  ['a CTE', 'WITH due AS (SELECT 1) SELECT * FROM due'],
];

describe('a statement on a sharded database', () => {
  beforeAll(loadParser);

  it.each(BROKEN)('may not have %s', (...[, sql, complaint, parameters]) => {
    expect(complaints(sql, parameters)).toContainEqual(expect.stringMatching(complaint));
  });

  it.each(SOUND)('may have %s', (...[, sql, parameters]) => {
    expect(complaints(sql, parameters)).toEqual([]);
  });

  it('visits one shard when it names one show, or what is joined with it', () => {
    const visitsMany = (sql: string, parameters: unknown[]) =>
      judge(sql, parameters, VOLATILITIES).manyShards;
    const joined = 'SELECT 1 FROM shows s JOIN bookings b ON b.show_id = s.id WHERE s.id = $1';
    expect(visitsMany(joined, [SHOW])).toBe(false);
    expect(visitsMany('SELECT 1 FROM shows WHERE id = ANY($1)', [[SHOW, SHOW]])).toBe(false);
    expect(visitsMany('SELECT 1 FROM shows WHERE id = ANY($1)', [[SHOW, OTHER]])).toBe(true);
    expect(visitsMany('SELECT 1 FROM shows WHERE id = $1 OR true', [SHOW])).toBe(true);
    expect(visitsMany('UPDATE shows SET title = $1', ['x'])).toBe(true);
    expect(visitsMany('SELECT 1 FROM users', [])).toBe(false);
  });
});
