import type { EntityManager } from 'typeorm';
import { isConnectionLost } from './database-errors.js';

/**
 * Indexes the shows' search texts, where the database has the extension `pg_trgm` or lets this role
 * create it. Elsewhere searches read the shows one by one.
 *
 * Without a list of pending entries (`fastupdate`) no search has to read them, and no booking that
 * happens to fill the list has to empty it.
 *
 * @returns whether there is an index now
 */
export async function ensureSearchIndex(manager: EntityManager): Promise<boolean> {
  if (await isIndexed(manager)) return true;
  const schema = await trigramSchema(manager);
  if (schema === null) return false;
  // What an attempt that was cut short has left would never be used.
  await manager.query(`DROP INDEX IF EXISTS shows_search_idx`);
  await manager.query(`
    CREATE INDEX CONCURRENTLY shows_search_idx ON shows
    USING gin (search_text ${schema}.gin_trgm_ops) WITH (fastupdate = off)`);
  return true;
}

async function isIndexed(manager: EntityManager): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM pg_index WHERE indexrelid = to_regclass('shows_search_idx') AND indisvalid`,
  );
  return rows.length > 0;
}

/** The schema of `pg_trgm`, which need not be on the search path; null without it. */
async function trigramSchema(manager: EntityManager): Promise<string | null> {
  try {
    await manager.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
  } catch (error) {
    // Not installed, not allowed, not on the provider's list: the codes differ between servers.
    if (isConnectionLost(error)) throw error;
    return null;
  }
  const [row] = await manager.query<{ schema: string }[]>(
    `SELECT quote_ident(nspname) AS schema
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE extname = 'pg_trgm'`,
  );
  return row!.schema;
}
