import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { readClock } from './database-clock.js';
import { errorCode } from './database-errors.js';
import { DatabaseNotReadyError } from './database-not-ready.js';
import { isDistributed, tablesToDistribute } from './distribute.js';
import { assertTablesPlaced } from './distribution.js';
import { pendingMigrations } from './pending-migrations.js';
import { describeMissingRights } from './role-rights.js';
import { describeMissingTimeouts } from './role-timeouts.js';

const INVALID_PASSWORD = '28P01';
/** A slow answer or a clock without NTP may differ by less. Milliseconds. */
const CLOCK_TOLERANCE_MS = 30_000;

/** Settings that depend on whether the database is distributed. */
export interface DistributedSettings {
  sharded: boolean;
  showsPerBatch: number;
  idempotencyAcrossShows: boolean;
}

/**
 * Checks the database before an application starts, and says what is wrong in one sentence.
 * @param settings of a process that books
 * @returns warnings, which do not stop the start
 * @throws DatabaseNotReadyError
 */
export async function checkDatabase(
  url: string,
  applicationName: string,
  settings?: DistributedSettings,
): Promise<string[]> {
  const dataSource = new DataSource(dataSourceOptions({ url, applicationName, poolSize: 1 }));
  try {
    await dataSource.initialize();
    assertTablesPlaced(dataSource.entityMetadatas.map(({ tableName }) => tableName));
    await assertPrimary(dataSource);
    const rights = await describeMissingRights(dataSource);
    if (rights) throw new DatabaseNotReadyError(rights);
    await assertMigrated(dataSource);
    const lack = await describeMissingTimeouts(dataSource);
    if (lack) throw new DatabaseNotReadyError(lack);
    await assertReadCommitted(dataSource);
    await assertDistribution(dataSource, settings);
    const warnings = [await describeSuperuser(dataSource), await describeClock(dataSource)];
    return warnings.flatMap((warning) => warning ?? []);
  } catch (error) {
    if (error instanceof DatabaseNotReadyError) throw error;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    const hint =
      errorCode(error) === INVALID_PASSWORD
        ? ' (a role that does not exist is refused like this; "npm run db:migrate" makes it)'
        : '';
    throw new DatabaseNotReadyError(
      `Cannot use the database that DATABASE_URL names: ${reason}${hint}`,
      { cause: error },
    );
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

/** @throws DatabaseNotReadyError */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const pending = await pendingMigrations(dataSource);
  if (pending.length === 0) return;
  throw new DatabaseNotReadyError(
    `The database lacks ${pending.length} migration(s) (${pending.join(', ')}): run "npm run db:migrate" first.`,
  );
}

async function assertPrimary(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ standby: boolean; readOnly: boolean }[]>(
    `SELECT pg_is_in_recovery() AS standby,
            current_setting('default_transaction_read_only')::boolean AS "readOnly"`,
  );
  if (row?.standby) {
    throw new DatabaseNotReadyError(
      'The database that DATABASE_URL names is a standby, which takes no bookings: name the primary, or promote it.',
    );
  }
  if (row?.readOnly) {
    throw new DatabaseNotReadyError(
      'The database that DATABASE_URL names is read-only (default_transaction_read_only is on): allow writes for this role and database.',
    );
  }
}

/** In stricter isolation levels, the ledger's reads after the lock would see the snapshot before it. */
async function assertReadCommitted(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ level: string }[]>(
    "SELECT current_setting('default_transaction_isolation') AS level",
  );
  if (row?.level === 'read committed') return;
  throw new DatabaseNotReadyError(
    `The database's default_transaction_isolation is ${row?.level}: it must be "read committed" for this role.`,
  );
}

/** A leaked superuser connection gives access to the whole server. */
async function describeSuperuser(dataSource: DataSource): Promise<string | null> {
  const [row] = await dataSource.query<{ role: string }[]>(
    'SELECT rolname AS role FROM pg_roles WHERE rolname = current_user AND rolsuper',
  );
  if (!row) return null;
  return (
    `The role ${row.role} that DATABASE_URL names is a superuser: name another there, and this one ` +
    'in DATABASE_MIGRATION_URL; "npm run db:migrate" prepares it.'
  );
}

/**
 * Decisions use the database's clock. This host's clock is in access tokens, which other hosts check
 * against theirs, and in ids, logs and mail.
 */
async function describeClock(dataSource: DataSource): Promise<string | null> {
  const aheadMs = Date.now() - (await readClock(dataSource)).getTime();
  if (Math.abs(aheadMs) < CLOCK_TOLERANCE_MS) return null;
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  const figure = `${(Math.abs(aheadMs) / 60_000).toFixed(1)} minutes`;
  return `The clock of this host is ${figure} ${direction} that of the database (DATABASE_URL): set both by NTP.`;
}

async function assertDistribution(
  dataSource: DataSource,
  settings: DistributedSettings | undefined,
): Promise<void> {
  if (!(await isDistributed(dataSource.manager))) {
    if (!settings?.sharded) return;
    throw new DatabaseNotReadyError(
      'DATABASE_SHARDED is on, but the database is not distributed: run "npm run db:distribute" ' +
        'first, or set it to off.',
    );
  }
  const missing = await tablesToDistribute(dataSource);
  if (missing.length > 0) {
    throw new DatabaseNotReadyError(
      `The database is distributed, but not its ${missing.join(', ')}: run "npm run db:distribute" first.`,
    );
  }
  if (!settings) return;
  const { sharded, showsPerBatch, idempotencyAcrossShows } = settings;
  if (sharded && showsPerBatch === 1 && !idempotencyAcrossShows) return;
  throw new DatabaseNotReadyError(
    'The database is distributed by show: DATABASE_SHARDED must be on, LEDGER_SHOWS_PER_BATCH must ' +
      'be 1, since Citus locks one show at a time, and IDEMPOTENCY_ACROSS_SHOWS must be off, since ' +
      'it would visit every shard.',
  );
}
