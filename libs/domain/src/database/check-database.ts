import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { DatabaseNotReadyError } from './database-not-ready.js';
import { isDistributed, tablesToDistribute } from './distribute.js';
import { pendingMigrations } from './pending-migrations.js';
import { describeMissingRights } from './role-rights.js';
import { describeMissingTimeouts } from './role-timeouts.js';

/** Settings that have to fit whether the database is distributed. */
export interface DistributedSettings {
  sharded: boolean;
  showsPerBatch: number;
  idempotencyAcrossShows: boolean;
}

/**
 * Looks before an application starts, so that what is wrong with the database is one sentence.
 * @param settings of a process that books, which have to fit the database
 * @throws DatabaseNotReadyError
 */
export async function checkDatabase(
  url: string,
  applicationName: string,
  settings?: DistributedSettings,
): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions({ url, applicationName, poolSize: 1 }));
  try {
    await dataSource.initialize();
    await assertPrimary(dataSource);
    const rights = await describeMissingRights(dataSource);
    if (rights) throw new DatabaseNotReadyError(rights);
    await assertMigrated(dataSource);
    const lack = await describeMissingTimeouts(dataSource);
    if (lack) throw new DatabaseNotReadyError(lack);
    await assertReadCommitted(dataSource);
    await assertDistribution(dataSource, settings);
  } catch (error) {
    if (error instanceof DatabaseNotReadyError) throw error;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new DatabaseNotReadyError(`Cannot use the database that DATABASE_URL names: ${reason}`, {
      cause: error,
    });
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

/** The ledger reads in statements after the lock's, which in stricter levels would see the past. */
async function assertReadCommitted(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ level: string }[]>(
    "SELECT current_setting('default_transaction_isolation') AS level",
  );
  if (row?.level === 'read committed') return;
  throw new DatabaseNotReadyError(
    `The database's default_transaction_isolation is ${row?.level}: it must be "read committed" for this role.`,
  );
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
