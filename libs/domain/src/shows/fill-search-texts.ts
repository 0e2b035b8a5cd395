import type { EntityManager } from 'typeorm';
import { searchTextOf, type SearchedFields } from './search-text.js';

type Row = SearchedFields & { id: string; revision: number };

/**
 * Folds the texts of shows that a process of a release before wrote, which knows nothing of the
 * search text. One statement a show, so that none waits for one show with the lock on another.
 *
 * @returns how many there were, at most `limit`
 */
export async function fillSearchTexts(manager: EntityManager, limit: number): Promise<number> {
  // By column, since a migration runs this on the tables of its time.
  const shows = await manager.query<Row[]>(
    `SELECT id, revision, title, venue, origin, destination, practitioner, region FROM shows
     WHERE search_text IS NULL OR search_revision IS DISTINCT FROM revision
     ORDER BY id LIMIT $1`,
    [limit],
  );
  for (const show of shows) {
    await manager.query(
      `UPDATE shows SET search_text = $2, search_revision = $3 WHERE id = $1 AND revision = $3`,
      [show.id, searchTextOf(show), show.revision],
    );
  }
  return shows.length;
}
