import { DISTRIBUTION } from './distribution.js';

/** What a process does to the tables. It makes, changes and empties none. */
const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE';

interface Connection {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Which rights this connection's role lacks on the tables and sequences of the schema, and who can
 * mend it; null if it has all.
 */
export async function describeMissingRights(connection: Connection): Promise<string | null> {
  const [row] = (await connection.query(MISSING, [
    Object.keys(DISTRIBUTION),
    RIGHTS.split(', '),
  ])) as [{ role: string; missing: string[] }];
  if (row.missing.length === 0) return null;
  return (
    `The role ${row.role} lacks rights in the database (${row.missing.join(', ')}): run ` +
    '"npm run db:migrate" as the owner of the tables (DATABASE_MIGRATION_URL), or give them as that owner.'
  );
}

/** Of the migrations a process only reads which there were; sequences are those of its tables' columns. */
const MISSING = `
  WITH ours AS (
    SELECT name, to_regclass(name) AS id FROM unnest($1::text[]) AS name
  ), lacking AS (
    SELECT name, "right" FROM ours, unnest($2::text[]) AS "right"
    WHERE id IS NOT NULL AND ("right" = 'SELECT' OR name <> 'migrations')
      AND NOT has_table_privilege(id, "right")
    UNION ALL
    SELECT sequence.relname, 'USAGE'
    FROM ours
    JOIN pg_depend ON refobjid = ours.id AND deptype = 'a' AND refobjsubid > 0
    JOIN pg_class sequence ON sequence.oid = objid
    WHERE name <> 'migrations'
      AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(objid, 'USAGE') END
  )
  SELECT quote_ident(current_user) AS role,
         array(SELECT string_agg("right", ', ') || ' on ' || name
               FROM lacking GROUP BY name ORDER BY name) AS missing`;
