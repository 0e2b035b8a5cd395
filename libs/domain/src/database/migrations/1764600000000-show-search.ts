import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fillSearchTexts } from '../../shows/fill-search-texts.js';
import { ensureSearchIndex } from '../search-index.js';

const FILLED_AT_ONCE = 1_000;
const STALE = 'search_text IS NULL OR search_revision IS DISTINCT FROM revision';

/**
 * Folded text of each show, indexed by its trigrams. Older processes go on beside it: what they
 * write lies in `shows_search_stale_idx` until the worker has folded it. Neither index has a column
 * that changes with bookings.
 */
export class ShowSearch1764600000000 implements MigrationInterface {
  /** Filled and indexed beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shows
        ADD COLUMN IF NOT EXISTS search_text     text,
        ADD COLUMN IF NOT EXISTS search_revision integer`);
    // What an attempt that was cut short has left would never be used.
    await runner.query(`DROP INDEX IF EXISTS shows_search_stale_idx`);
    await runner.query(
      `CREATE INDEX CONCURRENTLY shows_search_stale_idx ON shows (id) WHERE ${STALE}`,
    );
    // Should the server crash, the worker folds again what was lost.
    await runner.query(`SET synchronous_commit TO off`);
    let filled = 0;
    try {
      for (let count = -1; count !== 0; filled += count) {
        count = await fillSearchTexts(runner.manager, FILLED_AT_ONCE);
      }
    } finally {
      await runner.query(`RESET synchronous_commit`);
    }
    await ensureSearchIndex(runner.manager);
    // Of an empty table it would be remembered that it is empty: each booking would look for its
    // show in all of them, until the next ANALYZE.
    if (filled > 0) await runner.query(`ANALYZE shows`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS shows_search_idx`);
    await runner.query(`DROP INDEX IF EXISTS shows_search_stale_idx`);
    await runner.query(`
      ALTER TABLE shows
        DROP COLUMN IF EXISTS search_text,
        DROP COLUMN IF EXISTS search_revision`);
  }
}
