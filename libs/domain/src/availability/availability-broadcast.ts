import type { Subscription } from 'rxjs';
import type { BookingEngine } from '../ledger/booking-engine.js';
import { viewBooking, type BookingView } from '../bookings/booking-view.js';
import type { LedgerChange } from '../ledger/ledger-change.js';
import { viewCounters } from '../shows/show-view.js';
import type { ShowsReader } from '../shows/shows.reader.js';
import type { AvailabilityPublisher } from './availability-update.js';

/** At most one flush in this time. Milliseconds. */
const FLUSH_EVERY_MS = 100;

/**
 * The availability broadcast: publishes what this process committed. Changes are coalesced, and one
 * flush at most every 100 ms carries the newest counters of each show and the newest state of each
 * booking.
 */
export class AvailabilityBroadcast {
  private changed = new Set<string>();
  private edited = new Set<string>();
  private bookings = new Map<string, { userId: string; booking: BookingView }>();
  private since: Date | null = null;
  private readonly subscription: Subscription;
  private timer: NodeJS.Timeout | null = null;
  private lastFlush = -Infinity;
  private flushing: Promise<void> = Promise.resolve();

  /** @param onError called when a flush fails; its update is lost */
  constructor(
    engine: BookingEngine,
    private readonly shows: ShowsReader,
    private readonly publisher: AvailabilityPublisher,
    private readonly onError: (error: unknown) => void,
  ) {
    this.subscription = engine.changes.subscribe((change) => this.collect(change));
  }

  /** Flushes what is collected and stops. */
  async close(): Promise<void> {
    this.subscription.unsubscribe();
    if (this.timer) {
      clearTimeout(this.timer);
      this.startFlush();
    }
    await this.flushing;
  }

  private collect({ clock, shows, bookings }: LedgerChange): void {
    if (shows.length === 0) return;
    if (!this.since || clock < this.since) this.since = clock;
    for (const { show, booking } of bookings) {
      const view = viewBooking(booking, show, clock);
      const known = this.bookings.get(view.id);
      if (known && known.booking.version > view.version) continue;
      this.bookings.set(view.id, { userId: booking.userId, booking: view });
    }
    for (const { show, edited } of shows) {
      this.changed.add(show.id);
      if (edited) this.edited.add(show.id);
    }
    if (this.timer) return;
    const wait = this.lastFlush + FLUSH_EVERY_MS - performance.now();
    this.timer = setTimeout(() => this.startFlush(), Math.max(0, wait));
  }

  private startFlush(): void {
    this.timer = null;
    this.lastFlush = performance.now();
    this.flushing = this.flushing.then(() => this.flush()).catch(this.onError);
  }

  private async flush(): Promise<void> {
    const { changed, edited, bookings, since } = this;
    if (!since) return;
    this.changed = new Set();
    this.edited = new Set();
    this.bookings = new Map();
    this.since = null;
    const readings = await this.shows.findByIds([...changed]);
    this.publisher.publish({
      since: since.toISOString(),
      shows: readings.map(viewCounters),
      edited: [...edited],
      bookings: [...bookings.values()],
    });
  }
}
