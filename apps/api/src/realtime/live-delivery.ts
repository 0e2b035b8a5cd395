import type { LiveNews, LiveUpdate, ShowCounters } from '@modex/domain';
import type { Subscription } from 'rxjs';
import type { LiveMetrics } from './live-metrics.js';
import type { LiveServer } from './live-server.js';
import { ALL_SHOWS_ROOM, showRoom, userRoom } from './rooms.js';

/** To write a frame to one socket takes some 13 µs of CPU: this way all take less than a fifth of a core. */
const INTERVAL_PER_SOCKET_MS = 0.075;
const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 500;
/** Between two notices that lists may have changed: each has its reader read them again. */
const LISTS_INTERVAL_MS = 5_000;

/**
 * Brings the news to the sockets of this process. Counters come at most once in an interval that
 * grows with the number of sockets, the newest of each show; all else comes at once.
 */
export class LiveDelivery {
  private counters = new Map<string, ShowCounters>();
  /** The oldest commit that waits here. */
  private since: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lastDelivery = -Infinity;
  private listsTimer: NodeJS.Timeout | null = null;
  private lastLists = -Infinity;
  private readonly subscriptions: Subscription[];

  constructor(
    private readonly server: LiveServer,
    news: LiveNews,
    private readonly metrics: LiveMetrics,
  ) {
    this.subscriptions = [
      news.updates.subscribe((update) => this.take(update)),
      news.interruptions.subscribe(() => {
        this.server.local.emit('showsUpdated', { resync: true });
      }),
    ];
  }

  /** Delivers what waits, and takes no more. */
  close(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    if (this.listsTimer) {
      clearTimeout(this.listsTimer);
      this.deliverLists();
    }
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.deliver();
  }

  private take({ since, shows, edited, bookings }: LiveUpdate): void {
    const { local } = this.server;
    if (edited.length > 0) this.deliverEdits(edited);
    for (const { userId, booking } of bookings) {
      const room = userRoom(userId);
      // A message to a room where nobody is would be encoded all the same.
      if (this.isWatched(room)) local.to(room).emit('bookingUpdated', booking);
    }
    for (const show of shows) {
      const waiting = this.counters.get(show.id);
      if (!waiting || show.version >= waiting.version) this.counters.set(show.id, show);
    }
    if (this.since === null || since < this.since) this.since = since;
    if (this.timer) return;
    const wait = this.lastDelivery + this.interval() - performance.now();
    if (wait <= 0) this.deliver();
    else this.timer = setTimeout(() => this.deliver(), wait);
  }

  /** Narrowed sockets hear of their shows; of others only that there is something to read. */
  private deliverEdits(ids: string[]): void {
    const { local } = this.server;
    if (this.isWatched(ALL_SHOWS_ROOM))
      local.to(ALL_SHOWS_ROOM).emit('showsUpdated', { changed: ids });
    for (const id of ids) {
      const room = showRoom(id);
      if (this.isWatched(room)) local.to(room).emit('showsUpdated', { changed: [id] });
    }
    if (this.listsTimer) return;
    const wait = this.lastLists + LISTS_INTERVAL_MS - performance.now();
    if (wait <= 0) this.deliverLists();
    else this.listsTimer = setTimeout(() => this.deliverLists(), wait);
  }

  private deliverLists(): void {
    this.listsTimer = null;
    this.lastLists = performance.now();
    this.server.local.except(ALL_SHOWS_ROOM).emit('showsUpdated', { listsChanged: true });
  }

  private deliver(): void {
    const { counters, since } = this;
    this.timer = null;
    this.counters = new Map();
    this.since = null;
    this.lastDelivery = performance.now();
    const { local } = this.server;
    const shows = [...counters.values()];
    // A broadcast to a room is encoded once, down to the bytes of the frame.
    if (shows.length > 0 && this.isWatched(ALL_SHOWS_ROOM)) {
      local.to(ALL_SHOWS_ROOM).emit('showsUpdated', { shows });
    }
    for (const show of shows) {
      const room = showRoom(show.id);
      if (this.isWatched(room)) local.to(room).emit('showsUpdated', { shows: [show] });
    }
    if (since !== null) this.metrics.observeDelivery(since);
  }

  /** Between two deliveries. Milliseconds. */
  private interval(): number {
    const wanted = this.server.sockets.sockets.size * INTERVAL_PER_SOCKET_MS;
    return Math.min(Math.max(wanted, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS);
  }

  private isWatched(room: string): boolean {
    return this.server.sockets.adapter.rooms.has(room);
  }
}
