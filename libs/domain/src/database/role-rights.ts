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

/**
 * Gives a role what a process does to the tables and no more: no DDL, no TRUNCATE, no temporary
 * tables. Tables of later migrations have it from the beginning.
 * @param connection as the owner of the tables
 * @param role quoted
 */
export async function grantRights(connection: Connection, role: string): Promise<void> {
  const [names] = (await connection.query(NAMES, [Object.keys(DISTRIBUTION)])) as [
    Record<'database' | 'schema' | 'tables' | 'sequences', string>,
  ];
  const { database, schema, tables, sequences } = names;
  const statements = [
    `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC`,
    `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    `GRANT ${RIGHTS} ON ${tables} TO ${role}`,
    `GRANT USAGE ON SEQUENCE ${sequences} TO ${role}`,
    `REVOKE INSERT, UPDATE, DELETE ON migrations FROM ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${RIGHTS} ON TABLES TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${role}`,
  ];
  for (const statement of statements) await connection.query(statement);
}

/** Sequences are those of our tables' columns. */
const SEQUENCES = `
  FROM unnest($1::text[]) AS name
  JOIN pg_depend ON refobjid = to_regclass(name) AND deptype = 'a' AND refobjsubid > 0
  JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'`;

const NAMES = `
  SELECT quote_ident(current_database()) AS database, quote_ident(current_schema()) AS schema,
         (SELECT string_agg(quote_ident(name), ', ') FROM unnest($1::text[]) AS name
          WHERE to_regclass(name) IS NOT NULL) AS tables,
         (SELECT string_agg(objid::regclass::text, ', ') ${SEQUENCES}
          WHERE name <> 'migrations') AS sequences`;

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
