import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * The database's clock at this statement. `now()` would be the start of the transaction, stale by
 * every wait since.
 */
export async function readClock(
  database: Pick<DataSource | EntityManager | QueryRunner, 'query'>,
): Promise<Date> {
  const [row] = (await database.query('SELECT clock_timestamp() AS clock')) as { clock: Date }[];
  return row!.clock;
}

const REMEASURE_EVERY_MS = 30_000;

/**
 * The database's clock without a round trip: measured every 30 s, and extrapolated with this process's
 * monotonic clock. For responses only ("12 seconds left"); the ledger reads the clock under the lock.
 */
export class DatabaseClock {
  private base: { server: number; local: number } | null = null;
  private measuring: Promise<void> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  async now(): Promise<Date> {
    if (!this.base) await this.measure().catch(() => {});
    else if (performance.now() - this.base.local > REMEASURE_EVERY_MS) {
      // The old measurement is still used; after a failure the next caller measures again.
      this.measure().catch(() => {});
    }
    // A response about a committed change must not fail for lack of a clock.
    return this.measured() ?? new Date();
  }

  /** The same without waiting for the first measure: null until it is there. */
  measured(): Date | null {
    if (!this.base) return null;
    const { server, local } = this.base;
    return new Date(server + performance.now() - local);
  }

  private async measure(): Promise<void> {
    this.measuring ??= this.compare().finally(() => (this.measuring = null));
    await this.measuring;
  }

  private async compare(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      // Connect first, so that a wait for the pool is not measured.
      await runner.connect();
      const sent = performance.now();
      const clock = await readClock(runner);
      const received = performance.now();
      this.base = { server: clock.getTime(), local: (sent + received) / 2 };
    } finally {
      await runner.release();
    }
  }
}
