import type { DataSource } from 'typeorm';
import { viewCounters } from '../shows/show-view.js';
import type { ShowsReader } from '../shows/shows.reader.js';
import type { AvailabilityUpdate } from './availability-update.js';

/**
 * Age of the oldest domain events compared. An event's time is its transaction's clock, it becomes
 * visible at the commit, and one comparison may fail. Seconds.
 */
const MAX_AGE = 10;
/** Time that a process has to publish a commit. Seconds. */
const GRACE = 1;
const KEEP_MS = 60_000;

/** The newest versions of a show that were published; 0 for none. */
interface Published {
  version: number;
  /** The version of the newest published edit. */
  edit: number;
  /** By this process's monotonic clock. */
  at: number;
}

/** The newest domain events of a show. */
interface Recent {
  id: string;
  version: number;
  /** The newest version of a `show.*` event, 0 if all are of bookings. */
  edit: number;
  since: Date;
}

/**
 * Finds changes that a crashed process committed but did not publish, by comparing the domain events
 * of the last seconds with the availability broadcasts of all processes.
 */
export class MissedBroadcasts {
  private readonly published = new Map<string, Published>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly shows: ShowsReader,
  ) {}

  /** Records a broadcast of any process, this one included. */
  record({ shows, edited }: AvailabilityUpdate): void {
    const versions = new Map(shows.map(({ id, version }) => [id, version]));
    for (const [id, version] of versions) this.keep(id, version, 0);
    for (const id of edited) {
      // An edited show without counters was deleted: no newer version follows.
      const version = versions.get(id) ?? Infinity;
      this.keep(id, version, version);
    }
  }

  /** What has to be published now, or null. The result is not recorded as published. */
  async find(): Promise<AvailabilityUpdate | null> {
    this.removeOld();
    const recent = await this.recentEvents();
    const missed = recent.filter(({ id, version, edit }) => {
      const published = this.published.get(id);
      return version > (published?.version ?? 0) || edit > (published?.edit ?? 0);
    });
    if (missed.length === 0) return null;
    const readings = await this.shows.findByIds(missed.map(({ id }) => id));
    const oldest = Math.min(...missed.map(({ since }) => since.getTime()));
    return {
      since: new Date(oldest).toISOString(),
      shows: readings.map(viewCounters),
      edited: missed
        .filter(({ id, edit }) => edit > (this.published.get(id)?.edit ?? 0))
        .map(({ id }) => id),
      // Users got the answer to their request, or read again after reconnecting.
      bookings: [],
    };
  }

  private recentEvents(): Promise<Recent[]> {
    // `now()`, since no index serves `clock_timestamp()`; here it is the start of the statement.
    return this.dataSource.query<Recent[]>(
      `SELECT aggregate_id AS id, max(version) AS version, max(created_at) AS since,
         coalesce(max(version) FILTER (WHERE type LIKE 'show.%'), 0) AS edit
       FROM outbox
       WHERE created_at > now() - make_interval(secs => $1)
         AND created_at < now() - make_interval(secs => $2)
         AND (type LIKE 'show.%' OR type LIKE 'booking.%')
       GROUP BY aggregate_id`,
      [MAX_AGE, GRACE],
    );
  }

  private keep(id: string, version: number, edit: number): void {
    const known = this.published.get(id);
    this.published.set(id, {
      version: Math.max(version, known?.version ?? 0),
      edit: Math.max(edit, known?.edit ?? 0),
      at: performance.now(),
    });
  }

  private removeOld(): void {
    for (const [id, { at }] of this.published) {
      if (performance.now() - at > KEEP_MS) this.published.delete(id);
    }
  }
}
