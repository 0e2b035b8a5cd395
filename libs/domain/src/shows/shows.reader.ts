import { In, type DataSource, type SelectQueryBuilder } from 'typeorm';
import type { ReadSource } from '../database/read-source.js';
import { MAX_SHOW_MS } from './show-schedule.js';
import { Show, type ShowKind } from './show.entity.js';
import type { ShowReading } from './show-view.js';

export interface ShowFilter {
  /** Words that title, venue, route, practitioner or region contain. */
  text?: string;
  kind?: ShowKind;
  region?: string;
  /** Shows that start at this time or later. */
  from?: Date;
  to?: Date;
  /** Shows that are not over at this time, whether they have started or not. */
  endsAfter?: Date;
  /** Only shows that sell at this time and have a free slot. */
  availableAt?: Date;
}

/** Where the page before ended, in the order of the list. */
export interface ShowPosition {
  startsAt: Date;
  id: string;
}

const SEARCHED = ['title', 'venue', 'origin', 'destination', 'practitioner', 'region'];

/** Reads shows for people to look at; no decision is made on what it says. */
export class ShowsReader {
  constructor(private readonly source: ReadSource) {}

  async find(id: string): Promise<ShowReading | null> {
    const [reading] = await this.findByIds([id]);
    return reading ?? null;
  }

  findByIds(ids: readonly string[]): Promise<ShowReading[]> {
    return this.source.read(async (source) =>
      withNextRelease(source, await source.manager.findBy(Show, { id: In([...ids]) })),
    );
  }

  /** By start, then id; one more than `limit` if there are more. */
  list(filter: ShowFilter, limit: number, after?: ShowPosition): Promise<ShowReading[]> {
    return this.source.read(async (source) => {
      const query = listQuery(source, filter, limit, after);
      return withNextRelease(source, await query.getMany());
    });
  }
}

/** The same for people who only look: what it says may be a little old and come from a replica. */
export class ShowsLookup extends ShowsReader {}

function listQuery(
  source: DataSource,
  filter: ShowFilter,
  limit: number,
  after: ShowPosition | undefined,
): SelectQueryBuilder<Show> {
  const query = source.createQueryBuilder(Show, 'show');
  if (filter.from) query.andWhere('show.startsAt >= :from', { from: filter.from });
  if (filter.endsAfter) {
    // No show lasts longer, so the list stays a range of `shows_list_idx`.
    const earliest = new Date(filter.endsAfter.getTime() - MAX_SHOW_MS);
    query
      .andWhere('show.startsAt > :earliest', { earliest })
      .andWhere('coalesce(show.endsAt, show.startsAt) > :over', { over: filter.endsAfter });
  }
  if (filter.to) query.andWhere('show.startsAt < :to', { to: filter.to });
  if (filter.kind) query.andWhere('show.kind = :kind', { kind: filter.kind });
  if (filter.region) query.andWhere('show.region = :region', { region: filter.region });
  if (filter.availableAt) {
    query
      .andWhere(`show.status = 'SCHEDULED' AND show.availableSlots > 0`)
      .andWhere('(show.bookingOpensAt IS NULL OR show.bookingOpensAt <= :at)')
      .andWhere('coalesce(show.bookingClosesAt, show.startsAt) > :at')
      .andWhere('coalesce(show.endsAt, show.startsAt) > :at', { at: filter.availableAt });
  }
  for (const [i, word] of words(filter.text).entries()) {
    const anywhere = SEARCHED.map((column) => `show.${column} ILIKE :word${i}`).join(' OR ');
    query.andWhere(`(${anywhere})`, { [`word${i}`]: `%${escapeLike(word)}%` });
  }
  if (after) query.andWhere('(show.startsAt, show.id) > (:startsAt, :id)', { ...after });
  return query
    .orderBy('show.startsAt')
    .addOrderBy('show.id')
    .limit(limit + 1);
}

async function withNextRelease(source: DataSource, shows: Show[]): Promise<ShowReading[]> {
  const allHeld = shows.filter((show) => show.availableSlots === 0 && show.heldSlots > 0);
  const releases = new Map<string, Date>();
  if (allHeld.length > 0) {
    const rows = await source.query<{ id: string; at: Date | null }[]>(
      `SELECT id, (SELECT min(expires_at) FROM bookings
                   WHERE show_id = shows.id AND status = 'PENDING') AS at
       FROM shows WHERE id = ANY($1)`,
      [allHeld.map((show) => show.id)],
    );
    for (const { id, at } of rows) if (at) releases.set(id, at);
  }
  return shows.map((show) => ({ show, nextReleaseAt: releases.get(show.id) ?? null }));
}
function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== '') ?? [];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
