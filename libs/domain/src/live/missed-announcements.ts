import type { DataSource } from 'typeorm';
import { viewCounters } from '../shows/show-view.js';
import type { ShowsReader } from '../shows/shows.reader.js';
import type { LiveUpdate } from './live-publisher.js';

/**
 * How far back is looked. The time of a fact is its transaction's clock, and it is seen only after
 * the commit; and one look may fail. Seconds.
 */
const LOOK_BACK = 10;
/** How long a process may take to tell of a commit. Seconds. */
const GRACE = 1;
const FORGET_AFTER_MS = 60_000;

/** What somebody has announced of a show: a version of 0 is nothing. */
interface Heard {
  version: number;
  /** The version that whoever reads the show again because of it has at least. */
  edit: number;
  /** By this process's monotonic clock. */
  at: number;
}

/** A show's newest facts. */
interface Fact {
  id: string;
  version: number;
  /** The newest of the show itself, 0 if all are of bookings. */
  edit: number;
  since: Date;
}

/**
 * Finds what was committed but never announced, because its process died in between. Compares the
 * facts of the last seconds with everything that was announced since, by whomever.
 */
export class MissedAnnouncements {
  private readonly heard = new Map<string, Heard>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly shows: ShowsReader,
  ) {}

  /** Takes note of an announcement, this process's own too. */
  hear({ shows, edited }: LiveUpdate): void {
    const versions = new Map(shows.map(({ id, version }) => [id, version]));
    for (const [id, version] of versions) this.note(id, version, 0);
    for (const id of edited) {
      // A show that was edited and is not there was deleted: nothing will follow.
      const version = versions.get(id) ?? Infinity;
      this.note(id, version, version);
    }
  }

  /** What is to be announced now, or null. What is returned is not counted as heard. */
  async find(): Promise<LiveUpdate | null> {
    this.forgetOld();
    const facts = await this.recentFacts();
    const missed = facts.filter(({ id, version, edit }) => {
      const heard = this.heard.get(id);
      return version > (heard?.version ?? 0) || edit > (heard?.edit ?? 0);
    });
    if (missed.length === 0) return null;
    const readings = await this.shows.findByIds(missed.map(({ id }) => id));
    const oldest = Math.min(...missed.map(({ since }) => since.getTime()));
    return {
      since: new Date(oldest).toISOString(),
      shows: readings.map(viewCounters),
      edited: missed
        .filter(({ id, edit }) => edit > (this.heard.get(id)?.edit ?? 0))
        .map(({ id }) => id),
      // Their users had the answer to what they did, or read again when they are back.
      bookings: [],
    };
  }

  private recentFacts(): Promise<Fact[]> {
    // `now()` and not the clock, which no index can be asked for; here it is the statement's start.
    return this.dataSource.query<Fact[]>(
      `SELECT aggregate_id AS id, max(version) AS version, max(created_at) AS since,
         coalesce(max(version) FILTER (WHERE type LIKE 'show.%'), 0) AS edit
       FROM outbox
       WHERE created_at > now() - make_interval(secs => $1)
         AND created_at < now() - make_interval(secs => $2)
         AND (type LIKE 'show.%' OR type LIKE 'booking.%')
       GROUP BY aggregate_id`,
      [LOOK_BACK, GRACE],
    );
  }

  private note(id: string, version: number, edit: number): void {
    const known = this.heard.get(id);
    this.heard.set(id, {
      version: Math.max(version, known?.version ?? 0),
      edit: Math.max(edit, known?.edit ?? 0),
      at: performance.now(),
    });
  }

  private forgetOld(): void {
    for (const [id, { at }] of this.heard) {
      if (performance.now() - at > FORGET_AFTER_MS) this.heard.delete(id);
    }
  }
}
