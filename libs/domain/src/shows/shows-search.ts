import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { isStatementTimeout } from '../database/database-errors.js';
import { within } from '../database/distant-database.js';
import type { ReadSource } from '../database/read-source.js';
import { overloaded } from '../errors/service-errors.js';
import type { ShowReading } from './show-view.js';
import { inOrder, narrow, readShows, type ShowFilter, type ShowPosition } from './shows.reader.js';

/** So many shows of the list are scanned before the index is used. */
const NEAREST = 1_000;

/** Time for the server to report its time-out. Milliseconds. */
const GRACE_MS = 250;

export interface ShowSearchQuery {
  /** For LIKE, by `searchPatterns`. */
  patterns: readonly string[];
  filter: ShowFilter;
  limit: number;
  after?: ShowPosition;
}

/** Finds shows by words, from replicas or the primary. */
export class ShowsSearch {
  constructor(private readonly source: ReadSource) {}

  /**
   * In the order of the list; one more than `limit` if there are more.
   * @param timeLimitMs after which the database ends the search
   * @throws OVERLOADED
   */
  find(query: ShowSearchQuery, timeLimitMs: number): Promise<ShowReading[]> {
    // A server that does not report its time-out either counts as lost.
    return this.source.read(({ manager }) => within(timeLimitMs + GRACE_MS, search(manager)));

    async function search(manager: EntityManager): Promise<ShowReading[]> {
      const ids = await manager
        .transaction((own) => findIds(own, query, timeLimitMs))
        .catch((error: unknown) => {
          // The search is too slow, not this server: another one would take as long.
          throw isStatementTimeout(error) ? overloaded(error) : error;
        });
      return ids.length === 0 ? [] : readShows(manager, ids);
    }
  }
}

/**
 * Common words are found among the next shows of the list; otherwise the index finds all matches. In
 * one statement with `LIMIT`, PostgreSQL estimates which of the two is cheaper, and a wrong estimate
 * reads every show.
 */
async function findIds(
  manager: EntityManager,
  query: ShowSearchQuery,
  timeLimitMs: number,
): Promise<string[]> {
  const until = performance.now() + timeLimitMs;
  for (const statement of [nearestMatches, allMatches]) {
    const leftMs = Math.max(1, Math.round(until - performance.now()));
    await manager.query(`SET LOCAL statement_timeout TO ${leftMs}`);
    const rows = await statement(manager, query).getRawMany<{ id: string }>();
    if (rows.length > query.limit || statement === allMatches) return rows.map(({ id }) => id);
  }
  return [];
}

/** Those among the nearest of the list, whatever filter they have to pass. */
function nearestMatches(
  manager: EntityManager,
  { patterns, filter, limit, after }: ShowSearchQuery,
): SelectQueryBuilder<ObjectLiteral> {
  const nearest = inOrder(manager, filter, after).select('show.*').limit(NEAREST);
  return first(limit, matching(narrow(from(manager, nearest), filter), patterns));
}

/** All that match, and of these the first: never by way of the list. For tests to explain, too. */
export function allMatches(
  manager: EntityManager,
  { patterns, filter, limit, after }: ShowSearchQuery,
): SelectQueryBuilder<ObjectLiteral> {
  const all = matching(narrow(inOrder(manager, filter, after), filter), patterns)
    .select(['show.id AS id', 'show.starts_at AS starts_at'])
    .orderBy();
  // PostgreSQL plans what is inside of OFFSET by itself.
  return first(limit, from(manager, all, 'OFFSET 0'));
}

function from(
  manager: EntityManager,
  inner: SelectQueryBuilder<ObjectLiteral>,
  fence = '',
): SelectQueryBuilder<ObjectLiteral> {
  return manager
    .createQueryBuilder()
    .from(`(${inner.getQuery()} ${fence})`, 'show')
    .setParameters(inner.getParameters());
}

function matching<Query extends SelectQueryBuilder<ObjectLiteral>>(
  query: Query,
  patterns: readonly string[],
): Query {
  for (const [i, pattern] of patterns.entries()) {
    query.andWhere(`show.search_text LIKE :pattern${i}`, { [`pattern${i}`]: pattern });
  }
  return query;
}

function first(
  limit: number,
  query: SelectQueryBuilder<ObjectLiteral>,
): SelectQueryBuilder<ObjectLiteral> {
  return query
    .select('show.id', 'id')
    .orderBy('show.starts_at')
    .addOrderBy('show.id')
    .limit(limit + 1);
}
