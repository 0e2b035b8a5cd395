import type { DataSource } from 'typeorm';
import { CancelShow } from '../shows/commands/cancel-show.js';
import type { BookingEngine } from './booking-engine.js';
import { Expire } from './commands/expire.js';

/** A show that was locked this long in a row is waited for instead of skipped. Milliseconds. */
const PATIENCE_WITH_LOCKED_SHOW_MS = 1_000;

export interface SweepReport {
  expiredHolds: number;
  cancelledBookings: number;
  /** Shows left to the next sweep because somebody held their lock. */
  skippedShows: number;
  /** How late the oldest hold was taken back. Milliseconds. */
  lagMs: number;
}

/**
 * Returns the slots of lapsed holds, and carries on the cancelling of shows. Hygiene only: the
 * ledger takes lapsed holds back by itself when it needs them. Any number of workers may sweep side
 * by side, since each show is done under its lock.
 */
export class HoldExpiry {
  private readonly skippedSince = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: BookingEngine,
  ) {}

  /** One pass over all shows that have something to do. Stops early when `signal` is aborted. */
  async sweep(signal?: AbortSignal): Promise<SweepReport> {
    const report = { expiredHolds: 0, cancelledBookings: 0, skippedShows: 0, lagMs: 0 };
    for (const showId of await this.showsWithLapsedHolds()) {
      if (signal?.aborted) return report;
      await this.expireShow(showId, report);
    }
    for (const showId of await this.cancelledShowsWithBookings()) {
      if (signal?.aborted) return report;
      const { cancelledBookings } = await this.engine.execute(new CancelShow(showId));
      report.cancelledBookings += cancelledBookings;
    }
    return report;
  }

  private async expireShow(showId: string, report: SweepReport): Promise<void> {
    for (let more = true; more;) {
      const skipLocked = !this.hasWaitedLongEnough(showId);
      const result = await this.engine.execute(new Expire(showId), { skipLocked });
      if (!result.locked && skipLocked) {
        this.skippedSince.set(showId, this.skippedSince.get(showId) ?? performance.now());
        report.skippedShows += 1;
        return;
      }
      this.skippedSince.delete(showId);
      report.expiredHolds += result.expiredHolds;
      if (result.oldestExpiresAt) {
        report.lagMs = Math.max(report.lagMs, Date.now() - result.oldestExpiresAt.getTime());
      }
      more = result.mayHaveMore;
    }
  }

  private hasWaitedLongEnough(showId: string): boolean {
    const since = this.skippedSince.get(showId);
    return since !== undefined && performance.now() - since >= PATIENCE_WITH_LOCKED_SHOW_MS;
  }

  private async showsWithLapsedHolds(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT shows.id FROM shows
       WHERE shows.held_slots > 0 AND EXISTS (
         SELECT FROM bookings
         WHERE bookings.show_id = shows.id AND bookings.status = 'PENDING'
           AND bookings.expires_at <= now())`,
    );
    return rows.map((row) => row.id);
  }

  private async cancelledShowsWithBookings(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM shows WHERE status = 'CANCELLED' AND available_slots < total_slots`,
    );
    return rows.map((row) => row.id);
  }
}
