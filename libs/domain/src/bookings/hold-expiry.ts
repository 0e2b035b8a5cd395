import type { DataSource } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import { CancelShow } from '../shows/commands/cancel-show.js';
import type { BookingEngine } from '../ledger/booking-engine.js';
import type { LedgerCommand } from '../ledger/ledger-command.js';
import { Expire } from './commands/expire.js';

/** A show skipped for this long is locked by waiting instead. Milliseconds. */
const MAX_SKIPPED_MS = 1_000;

export interface SweepReport {
  expiredHolds: number;
  cancelledBookings: number;
  /** Shows left to the next sweep because another transaction held their lock. */
  skippedShows: number;
  /** Errors of single shows; the sweep went on with the others. */
  errors: unknown[];
  /** The delay of the oldest expired hold. Milliseconds. */
  lagMs: number;
}

/** Processes one show; false if it was skipped. */
type Task = (skipLocked: boolean, report: SweepReport) => Promise<boolean>;

/**
 * Expires lapsed holds, and cancels the remaining bookings of cancelled shows. Correctness does not
 * depend on it: the ledger reclaims lapsed holds itself when slots are short. Any number of workers
 * may sweep in parallel, since every show is processed under its lock.
 */
export class HoldExpiry {
  private skippedSince = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: BookingEngine,
  ) {}

  /** One pass over all shows with work. Stops early when `signal` is aborted. */
  async sweep(signal?: AbortSignal): Promise<SweepReport> {
    const report = { expiredHolds: 0, cancelledBookings: 0, skippedShows: 0, errors: [], lagMs: 0 };
    const tasks = new Map<string, Task>();
    for (const id of await this.showsWithLapsedHolds()) tasks.set(id, this.expireHolds(id));
    // A show in both lists is processed as cancelled, which covers its lapsed holds.
    for (const id of await this.cancelledShowsWithBookings()) tasks.set(id, this.cancelRest(id));

    const skipped = new Map<string, number>();
    for (const [showId, task] of tasks) {
      if (signal?.aborted) return report;
      if (await this.attempt(task, true, report)) continue;
      skipped.set(showId, this.skippedSince.get(showId) ?? performance.now());
    }
    this.skippedSince = skipped;
    report.skippedShows = skipped.size;
    if (!signal?.aborted) await this.waitForOne(tasks, report);
    return report;
  }

  /** Waits for the lock of the show that was skipped longest, after all others. */
  private async waitForOne(tasks: Map<string, Task>, report: SweepReport): Promise<void> {
    const [showId, since = Infinity] =
      [...this.skippedSince].toSorted((a, b) => a[1] - b[1])[0] ?? [];
    const task = showId !== undefined && tasks.get(showId);
    if (!task || performance.now() - since < MAX_SKIPPED_MS) return;
    if (!(await this.attempt(task, false, report))) return;
    this.skippedSince.delete(showId);
    report.skippedShows -= 1;
  }

  private async attempt(task: Task, skip: boolean, report: SweepReport): Promise<boolean> {
    try {
      return await task(skip, report);
    } catch (error) {
      report.errors.push(error);
      return false;
    }
  }

  private run<Result>(command: LedgerCommand<Result>, skipLocked: boolean): Promise<Result> {
    return skipLocked ? this.engine.executeUnlessLocked(command) : this.engine.execute(command);
  }

  private expireHolds(showId: string): Task {
    return async (skipLocked, report) => {
      for (;;) {
        const result = await this.run(new Expire(showId), skipLocked);
        report.expiredHolds += result.expiredHolds;
        if (result.oldestExpiresAt) {
          report.lagMs = Math.max(report.lagMs, Date.now() - result.oldestExpiresAt.getTime());
        }
        if (!result.mayHaveMore) return result.locked;
      }
    };
  }

  private cancelRest(showId: string): Task {
    return async (skipLocked, report) => {
      try {
        const result = await this.run(new CancelShow(showId), skipLocked);
        report.cancelledBookings += result.cancelledBookings;
        return true;
      } catch (error) {
        // A skipped show is reported as not found.
        if (error instanceof DomainError && error.code === 'SHOW_NOT_FOUND') return false;
        throw error;
      }
    };
  }

  private async showsWithLapsedHolds(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT shows.id FROM shows
       WHERE shows.held_slots > 0 AND EXISTS (
         SELECT FROM bookings
         WHERE bookings.show_id = shows.id AND bookings.status = 'PENDING'
           AND bookings.expires_at <= now())
       ORDER BY shows.id`,
    );
    return rows.map((row) => row.id);
  }

  private async cancelledShowsWithBookings(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM shows WHERE status = 'CANCELLED' AND available_slots < total_slots ORDER BY id`,
    );
    return rows.map((row) => row.id);
  }
}
