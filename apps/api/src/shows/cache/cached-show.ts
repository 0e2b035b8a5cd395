import {
  viewChangesAt,
  viewCounters,
  viewShow,
  type Show,
  type ShowCounters,
  type ShowReading,
} from '@modex/domain';
import { etagOfShow } from '../show-etag.js';
import type { WrittenText } from './written-text.js';

export interface WrittenShow extends WrittenText {
  /** When it changes by the passing of time alone. Milliseconds since 1970, or Infinity. */
  readonly until: number;
}

/**
 * A cached show: its row as last read, and its counters, which broadcasts update more often. Neither
 * is ever replaced by an older version, in whatever order they arrive.
 */
export class CachedShow {
  /** Rises with every change. */
  edition = 0;
  private counters: ShowCounters;
  private text: WrittenShow | null = null;
  private expiredAt = -Infinity;

  /** @param readAt when the read began, by this process's monotonic clock. Milliseconds. */
  constructor(
    private row: Show,
    nextReleaseAt: Date | null,
    private readAt: number,
  ) {
    this.counters = viewCounters({ show: row, nextReleaseAt });
  }

  get id(): string {
    return this.row.id;
  }

  get startsAt(): Date {
    return this.row.startsAt;
  }

  /** Milliseconds since the read; Infinity once expired. */
  get age(): number {
    return performance.now() - this.readAt;
  }

  /** Takes a read, unless it is older than the row. */
  update({ show, nextReleaseAt }: ShowReading, readAt: number): void {
    if (show.version < this.row.version) return;
    if (readAt > this.expiredAt) this.readAt = Math.max(this.readAt, readAt);
    if (show.version > this.row.version) {
      this.row = show;
      this.change();
    }
    this.updateCounters(viewCounters({ show, nextReleaseAt }));
  }

  /** Takes counters, unless they are older. */
  updateCounters(counters: ShowCounters): void {
    const { version, nextReleaseAt } = this.counters;
    if (counters.version < version) return;
    if (counters.version === version && counters.nextReleaseAt === nextReleaseAt) return;
    this.counters = counters;
    this.change();
  }

  /**
   * Requests for this one show read it again; pages still use it.
   * @param at a read that began earlier does not make it fresh. Milliseconds
   */
  expire(at: number): void {
    this.readAt = -Infinity;
    this.expiredAt = at;
  }

  /** @param now the database's clock */
  write(now: Date): WrittenShow {
    if (!this.text || now.getTime() >= this.text.until) this.text = this.compose(now);
    return this.text;
  }

  private change(): void {
    this.edition += 1;
    this.text = null;
  }

  private compose(now: Date): WrittenShow {
    const { availableSlots, heldSlots, totalSlots, status, version } = this.counters;
    const show: Show = { ...this.row, availableSlots, heldSlots, totalSlots, status, version };
    const nextReleaseAt =
      this.counters.nextReleaseAt === null ? null : new Date(this.counters.nextReleaseAt);
    const view = viewShow({ show, nextReleaseAt }, now);
    return {
      bytes: Buffer.from(JSON.stringify(view)),
      etag: etagOfShow(show.revision, view),
      until: viewChangesAt(show, now)?.getTime() ?? Infinity,
    };
  }
}
