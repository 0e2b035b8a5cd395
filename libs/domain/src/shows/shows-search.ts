import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { isStatementTimeout } from '../database/database-errors.js';
import { within } from '../database/distant-database.js';
import type { ReadSource } from '../database/read-source.js';
import { overloaded } from '../errors/service-errors.js';
import type { ShowReading } from './show-view.js';
import { inOrder, narrow, readShows, type ShowFilter, type ShowPosition } from './shows.reader.js';

/** Shows of the list that are looked at one by one, before the index is asked. */
const NEAREST = 1_000;

/** For a server to say that it gave up. Milliseconds. */
const GRACE_MS = 250;

export interface ShowSearchQuery {
  /** For LIKE, by `searchPatterns`. */
  patterns: readonly string[];
  filter: ShowFilter;
  limit: number;
  after?: ShowPosition;
}

/** Finds shows by words, for people who only look. */
export class ShowsSearch {
  constructor(private readonly source: ReadSource) {}

  /**
   * In the order of the list; one more than `limit` if there are more.
   * @param timeLimitMs after which the database gives up
   * @throws OVERLOADED
   */
  find(query: ShowSearchQuery, timeLimitMs: number): Promise<ShowReading[]> {
    // A server that does not even say that it gave up is away.
    return this.source.read(({ manager }) => within(timeLimitMs + GRACE_MS, search(manager)));

    async function search(manager: EntityManager): Promise<ShowReading[]> {
      const ids = await manager
        .transaction((own) => findIds(own, query, timeLimitMs))
        .catch((error: unknown) => {
          // Of this search, and of no server: another one would take as long.
          throw isStatementTimeout(error) ? overloaded(error) : error;
        });
      return ids.length === 0 ? [] : readShows(manager, ids);
    }
  }
}

/**
 * A common word is found among the next shows of the list. Only if those are not enough, the index
 * is asked for all shows that match: with `LIMIT` in one statement, PostgreSQL would have to guess
 * which of the two is less work, and a wrong guess reads every show.
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
