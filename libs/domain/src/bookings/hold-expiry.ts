import type { DataSource } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import { CancelShow } from '../shows/commands/cancel-show.js';
import type { BookingEngine } from '../ledger/booking-engine.js';
import type { LedgerCommand } from '../ledger/ledger-command.js';
import { Expire } from './commands/expire.js';

/** A show that was locked this long in a row is waited for instead of skipped. Milliseconds. */
const PATIENCE_WITH_LOCKED_SHOW_MS = 1_000;

export interface SweepReport {
  expiredHolds: number;
  cancelledBookings: number;
  /** Shows left to the next sweep because somebody held their lock. */
  skippedShows: number;
  /** What kept the sweep from doing a show; the others were done all the same. */
  errors: unknown[];
  /** How late the oldest hold was taken back. Milliseconds. */
  lagMs: number;
}

/** Does one show as far as one transaction goes; false if it was skipped. */
type Chore = (skipLocked: boolean, report: SweepReport) => Promise<boolean>;

/**
 * Returns the slots of lapsed holds, and carries on the cancelling of shows. Hygiene only: the
 * ledger takes lapsed holds back by itself when it needs them. Any number of workers may sweep side
 * by side, since each show is done under its lock.
 */
export class HoldExpiry {
  private skippedSince = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: BookingEngine,
  ) {}

  /** One pass over all shows that have something to do. Stops early when `signal` is aborted. */
  async sweep(signal?: AbortSignal): Promise<SweepReport> {
    const report = { expiredHolds: 0, cancelledBookings: 0, skippedShows: 0, errors: [], lagMs: 0 };
    const chores = new Map<string, Chore>();
    for (const id of await this.showsWithLapsedHolds()) chores.set(id, this.expireHolds(id));
    // What is cancelled was told at once, so a cancelled show is done as that.
    for (const id of await this.cancelledShowsWithBookings()) chores.set(id, this.cancelRest(id));

    const skipped = new Map<string, number>();
    for (const [showId, chore] of chores) {
      if (signal?.aborted) return report;
      if (await this.attempt(chore, true, report)) continue;
      skipped.set(showId, this.skippedSince.get(showId) ?? performance.now());
    }
    this.skippedSince = skipped;
    report.skippedShows = skipped.size;
    if (!signal?.aborted) await this.waitForOne(chores, report);
    return report;
  }

  /** The show that was skipped longest is waited for, after the others have had their turn. */
  private async waitForOne(chores: Map<string, Chore>, report: SweepReport): Promise<void> {
    const [showId, since = Infinity] =
      [...this.skippedSince].toSorted((a, b) => a[1] - b[1])[0] ?? [];
    const chore = showId !== undefined && chores.get(showId);
    if (!chore || performance.now() - since < PATIENCE_WITH_LOCKED_SHOW_MS) return;
    if (!(await this.attempt(chore, false, report))) return;
    this.skippedSince.delete(showId);
    report.skippedShows -= 1;
  }

  private async attempt(chore: Chore, skip: boolean, report: SweepReport): Promise<boolean> {
    try {
      return await chore(skip, report);
    } catch (error) {
      report.errors.push(error);
      return false;
    }
  }

  private run<Result>(command: LedgerCommand<Result>, skipLocked: boolean): Promise<Result> {
    return skipLocked ? this.engine.executeUnlessLocked(command) : this.engine.execute(command);
  }

  private expireHolds(showId: string): Chore {
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

  private cancelRest(showId: string): Chore {
    return async (skipLocked, report) => {
      try {
        const result = await this.run(new CancelShow(showId), skipLocked);
        report.cancelledBookings += result.cancelledBookings;
        return true;
      } catch (error) {
        // A show that was skipped looks as if it were not there.
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
