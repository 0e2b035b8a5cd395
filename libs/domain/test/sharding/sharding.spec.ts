import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itUndistributed } from '../../../../test/optional.js';
import { BookingOffice } from '../support/booking-office.js';
import { AllStatements } from './all-statements.js';
import { judgeCatalogue } from './catalogue-rules.js';
import { StatementWatcher } from './statement-watcher.js';

const SOURCES = 'libs/domain/src';
const APPS = ['apps/api/src', 'apps/worker/src', SOURCES];
/** What sends statements of its own, not counting what only knows entities. */
const SENDS = /\.(query|createQueryBuilder|transaction|manager)\b[(<.]|\bmanager\.\w+\(/;
/** About the server itself, or about the layout; none of it runs while people book. */
const NOT_WATCHED = /^(database\/|domain\.module)/;

describe('on a sharded database', () => {
  let office: BookingOffice;
  let watcher: StatementWatcher;
  beforeAll(async () => {
    office = await BookingOffice.open();
    watcher = await StatementWatcher.on(office.dataSource);
    const all = new AllStatements(office);
    await all.accounts();
    await all.sales();
    await all.repetitions();
    await all.reading();
    await all.relaying();
    await all.telling();
  }, 60_000);
  afterAll(() => office.close());

  it('no statement does what Citus refuses', () => {
    expect([...watcher.complaints]).toEqual([]);
  });

  it('every source that sends statements was heard', () => {
    const senders = files(SOURCES)
      .filter((file) => !NOT_WATCHED.test(file))
      .filter((file) => SENDS.test(readFileSync(join(SOURCES, file), 'utf8')));
    expect(senders.length).toBeGreaterThan(10);
    expect(senders.filter((file) => !watcher.files.has(file))).toEqual([]);
  });

  it('no source decides by the name of a constraint or a table, which there are a shard’s', () => {
    const deciding = APPS.flatMap((folder) =>
      files(folder)
        .map((file) => join(folder, file))
        .filter((file) => /\berror\w*\??\.(constraint|table)\b/i.test(readFileSync(file, 'utf8'))),
    );
    expect(deciding).toEqual([]);
  });

  it('every table has its place, and no key or trigger that Citus refuses', async () => {
    expect(await judgeCatalogue(office.database.query)).toEqual([]);
  });
});

describe('a schema', () => {
  const BROKEN: [complaint: string, ...statements: string[]][] = [
    ['waiting_list has no place in the layout', 'CREATE TABLE waiting_list (id uuid)'],
    ['notifications has a place in the layout and is not there', 'DROP TABLE notifications'],
    [
      "bookings_reference of bookings lacks the show's id",
      'CREATE UNIQUE INDEX bookings_reference ON bookings (reference)',
    ],
    [
      "outbox_pkey of outbox lacks the show's id",
      'ALTER TABLE outbox DROP CONSTRAINT outbox_pkey',
      'ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id)',
    ],
    [
      'notifications_show leads from every node to one by show',
      `ALTER TABLE notifications ADD CONSTRAINT notifications_show
       FOREIGN KEY (show_id) REFERENCES shows (id)`,
    ],
    [
      'bookings_other leads to another show',
      'ALTER TABLE bookings ADD CONSTRAINT bookings_other FOREIGN KEY (id) REFERENCES shows (id)',
    ],
    [
      'outbox_show is unset on delete',
      `ALTER TABLE outbox ADD CONSTRAINT outbox_show
       FOREIGN KEY (aggregate_id) REFERENCES shows (id) ON DELETE SET NULL`,
    ],
    [
      'outbox_show changes on update',
      `ALTER TABLE outbox ADD CONSTRAINT outbox_show
       FOREIGN KEY (aggregate_id) REFERENCES shows (id) ON UPDATE CASCADE`,
    ],
    [
      'shows_trigger is a trigger',
      `CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      'CREATE TRIGGER shows_trigger AFTER UPDATE ON shows EXECUTE FUNCTION nothing()',
    ],
  ];

  let office: BookingOffice;
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());

  for (const [complaint, ...statements] of BROKEN) {
    itUndistributed(`is told of: ${complaint}`, 'it refuses that itself', async () => {
      const runner = office.dataSource.createQueryRunner();
      await runner.startTransaction();
      try {
        for (const statement of statements) await runner.query(statement);
        const query = <Row>(sql: string) => runner.query(sql) as Promise<Row[]>;
        expect(await judgeCatalogue(query)).toEqual([complaint]);
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    });
  }
});

function files(folder: string): string[] {
  return readdirSync(folder, { encoding: 'utf8', recursive: true }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('migrations'),
  );
}
