import { In, type EntityManager, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import type { ReadSource } from '../database/read-source.js';
import { MAX_SHOW_MS } from './show-schedule.js';
import { Show, type ShowKind } from './show.entity.js';
import type { ShowReading } from './show-view.js';

export interface ShowFilter {
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

/** The last show of the previous page, in the order of the list. */
export interface ShowPosition {
  startsAt: Date;
  id: string;
}

/** Reads shows for display; no decision is based on the result. */
export class ShowsReader {
  constructor(private readonly source: ReadSource) {}

  async find(id: string): Promise<ShowReading | null> {
    const [reading] = await this.findByIds([id]);
    return reading ?? null;
  }

  findByIds(ids: readonly string[]): Promise<ShowReading[]> {
    return this.source.read(({ manager }) => readShows(manager, ids));
  }

  /** By start, then id; one more than `limit` if there are more. */
  list(filter: ShowFilter, limit: number, after?: ShowPosition): Promise<ShowReading[]> {
    return this.source.read(async ({ manager }) => {
      const query = narrow(inOrder(manager, filter, after), filter).limit(limit + 1);
      return withNextRelease(manager, await query.getMany());
    });
  }
}

/** Shows as `show` in the order of the list, filtered by their times only. */
export function inOrder(
  manager: EntityManager,
  { from, to, endsAfter }: ShowFilter,
  after: ShowPosition | undefined,
): SelectQueryBuilder<Show> {
  const query = manager.createQueryBuilder(Show, 'show');
  if (from) query.andWhere('show.starts_at >= :from', { from });
  if (endsAfter) {
    // A bound on `starts_at` keeps the list a range of `shows_list_idx`.
    const earliest = new Date(endsAfter.getTime() - MAX_SHOW_MS);
    query
      .andWhere('show.starts_at > :earliest', { earliest })
      .andWhere('coalesce(show.ends_at, show.starts_at) > :over', { over: endsAfter });
  }
  if (to) query.andWhere('show.starts_at < :to', { to });
  if (after) query.andWhere('(show.starts_at, show.id) > (:startsAt, :id)', { ...after });
  return query.orderBy('show.startsAt').addOrderBy('show.id');
}

/** The rest of the filter, on `show`. By column names, since `show` may be a subquery. */
export function narrow<Query extends SelectQueryBuilder<ObjectLiteral>>(
  query: Query,
  { kind, region, availableAt }: ShowFilter,
): Query {
  if (kind) query.andWhere('show.kind = :kind', { kind });
  if (region) query.andWhere('show.region = :region', { region });
  if (availableAt) {
    query
      .andWhere(`show.status = 'SCHEDULED' AND show.available_slots > 0`)
      .andWhere('(show.booking_opens_at IS NULL OR show.booking_opens_at <= :at)')
      .andWhere('coalesce(show.booking_closes_at, show.starts_at) > :at')
      .andWhere('coalesce(show.ends_at, show.starts_at) > :at', { at: availableAt });
  }
  return query;
}

/** In the given order; an id that names no show is left out. */
export async function readShows(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ShowReading[]> {
  const shows = await manager.findBy(Show, { id: In([...ids]) });
  const places = new Map(ids.map((id, place) => [id, place]));
  return withNextRelease(
    manager,
    shows.toSorted((one, other) => places.get(one.id)! - places.get(other.id)!),
  );
}

async function withNextRelease(manager: EntityManager, shows: Show[]): Promise<ShowReading[]> {
  const allHeld = shows.filter((show) => show.availableSlots === 0 && show.heldSlots > 0);
  const releases = new Map<string, Date>();
  if (allHeld.length > 0) {
    const rows = await manager.query<{ id: string; at: Date | null }[]>(
      `SELECT id, (SELECT min(expires_at) FROM bookings
                   WHERE show_id = shows.id AND status = 'PENDING') AS at
       FROM shows WHERE id = ANY($1)`,
      [allHeld.map((show) => show.id)],
    );
    for (const { id, at } of rows) if (at) releases.set(id, at);
  }
  return shows.map((show) => ({ show, nextReleaseAt: releases.get(show.id) ?? null }));
}
