import type { Pool } from 'pg';
import type { Observable } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { TransactionReport } from '../ledger/ledger.js';
import { errorCode, isConnectionLost, isUnable } from './database-errors.js';
import { describeMissingRights } from './role-rights.js';

/** Not writable for at least this long after a failure, since a probe may miss its cause. Milliseconds. */
const REST_MS = 2_000;

/** Called with the reason when the ledger's writes begin to fail, and with null when they work again. */
export type OnWritableChange = (reason: string | null) => void;

/**
 * Whether the ledger can write: a reachable server may be a standby, read-only, or have a full disk.
 * The ledger's transactions detect it; then a probe detects the recovery, since a process that is not
 * ready gets no bookings.
 */
export class WriteHealth {
  private failedAt: number | null = null;

  constructor(
    private readonly dataSource: DataSource,
    transactions: Observable<TransactionReport>,
    private readonly onChange: OnWritableChange = () => {},
  ) {
    transactions.subscribe(({ error, events }) => {
      if (error !== undefined && isUnable(error) && !isConnectionLost(error)) this.fail(error);
      // A transaction without events has written nothing.
      else if (error === undefined && events.size > 0) this.recover();
    });
  }

  /** Rejects while the ledger cannot write. */
  async check(): Promise<void> {
    await assertWritable(this.dataSource);
    if (this.failedAt === null) return;
    if (performance.now() - this.failedAt < REST_MS) throw new Error('the last write failed');
    await probe(this.dataSource);
    this.recover();
  }

  private fail(error: unknown): void {
    if (this.failedAt === null) this.onChange(`${(error as Error).message} (${errorCode(error)})`);
    this.failedAt = performance.now();
  }

  private recover(): void {
    if (this.failedAt === null) return;
    this.failedAt = null;
    this.onChange(null);
  }
}

/** Rejects on a standby, and where transactions are made read-only. */
export async function assertWritable(dataSource: DataSource): Promise<void> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const client = await master.connect();
  let failure: Error | undefined;
  // When the connection breaks, its error event without a listener would end the process.
  client.on('error', ignore);
  try {
    const { rows } = await client.query<{ readOnly: boolean }>(READ_ONLY);
    if (rows[0]?.readOnly) failure = new Error('the database is read-only');
  } catch (error) {
    failure = error as Error;
  }
  client.off('error', ignore);
  // A read-only session would stay so, and is closed.
  client.release(failure);
  if (failure) throw failure;
}

const ignore = () => {};

const READ_ONLY = `
  SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "readOnly"`;

/** More than the 512 kB by which PostgreSQL lengthens a table at most goes to disk, and is gone after it. */
const SPILL = 'SELECT count(*) FROM generate_series(1, 50000)';

/** Fails on a full disk or missing rights; leaves nothing behind. */
async function probe(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL work_mem = '64kB'`);
    await manager.query(SPILL);
  });
  const missing = await describeMissingRights(dataSource);
  if (missing !== null) throw new Error(missing);
}
