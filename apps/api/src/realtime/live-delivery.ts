import type { AvailabilityUpdates, AvailabilityUpdate, ShowCounters } from '@modex/domain';
import type { Subscription } from 'rxjs';
import type { LiveMetrics } from './live-metrics.js';
import type { LiveServer } from './live-server.js';
import { ALL_SHOWS_ROOM, showRoom, userRoom } from './rooms.js';

/** Writing a frame to one socket takes about 13 µs of CPU; this limits all of them to a fifth of a core. */
const INTERVAL_PER_SOCKET_MS = 0.075;
const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 500;
/** Between two `listsChanged` events: each makes its receivers read their lists again. */
const LISTS_INTERVAL_MS = 5_000;

/**
 * Sends availability updates to the sockets of this process. Counters are coalesced to the newest of
 * each show, in an interval that grows with the number of sockets; everything else is sent at once.
 */
export class LiveDelivery {
  private counters = new Map<string, ShowCounters>();
  /** The oldest commit that is not delivered yet. */
  private since: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lastDelivery = -Infinity;
  private listsTimer: NodeJS.Timeout | null = null;
  private lastLists = -Infinity;
  private readonly subscriptions: Subscription[];

  constructor(
    private readonly server: LiveServer,
    { updates, interruptions }: AvailabilityUpdates,
    private readonly metrics: LiveMetrics,
  ) {
    this.subscriptions = [
      updates.subscribe((update) => this.take(update)),
      interruptions.subscribe(() => {
        this.server.local.emit('showsUpdated', { resync: true });
      }),
    ];
  }

  /** Delivers what is queued and stops. */
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

  private take({ since, shows, edited, bookings }: AvailabilityUpdate): void {
    const { local } = this.server;
    if (edited.length > 0) this.deliverEdits(edited);
    for (const { userId, booking } of bookings) {
      const room = userRoom(userId);
      // Socket.IO encodes a message even for an empty room.
      if (this.isWatched(room)) local.to(room).emit('bookingUpdated', booking);
    }
    for (const show of shows) {
      const queued = this.counters.get(show.id);
      if (!queued || show.version >= queued.version) this.counters.set(show.id, show);
    }
    if (this.since === null || since < this.since) this.since = since;
    if (this.timer) return;
    const wait = this.lastDelivery + this.interval() - performance.now();
    if (wait <= 0) this.deliver();
    else this.timer = setTimeout(() => this.deliver(), wait);
  }

  /** Sockets that narrowed what they watch get edits of those shows, and `listsChanged` for all others. */
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
    // A broadcast to a room encodes its frame once.
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
