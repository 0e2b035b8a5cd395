import { errorCode } from './database-errors.js';

/** Time-outs that the server enforces on every connection of the processes' role. */
export const ROLE_TIMEOUTS = {
  /** A statement that waits longer for a lock fails with 55P03. */
  lock_timeout: '5s',
  /** A statement that runs longer fails with 57014. */
  statement_timeout: '10s',
  /** A transaction whose client is silent for longer is rolled back. */
  idle_in_transaction_session_timeout: '15s',
};

export type RoleTimeouts = typeof ROLE_TIMEOUTS;

/** A statement whose client was killed ends, instead of waiting for its lock for ever. */
const CONNECTION_CHECK = { client_connection_check_interval: '1s' };

/** Serialises migrations, which would otherwise update the same catalogue row at once. */
const LOCK_SETTINGS = 'SELECT pg_advisory_xact_lock(7063391)';
const INVALID_PARAMETER_VALUE = '22023';

interface Connection {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Makes the time-outs settings of a role in this database, which a role may do for itself. They
 * hold for new connections, also for those that a pooler makes, which refuses start-up parameters.
 * @param role another one, quoted, where this one may alter it
 */
export async function setRoleTimeouts(
  connection: Connection,
  timeouts: Partial<RoleTimeouts> = {},
  role = 'CURRENT_USER',
): Promise<void> {
  const [row] = (await connection.query('SELECT quote_ident(current_database()) AS database')) as [
    { database: string },
  ];
  // Several statements in one query are one transaction.
  const set = (settings: Record<string, string>) =>
    connection.query(`${LOCK_SETTINGS}; ${alterRole(role, row.database, settings)}`);
  await set({ ...ROLE_TIMEOUTS, ...timeouts });
  try {
    await set(CONNECTION_CHECK);
  } catch (error) {
    // Not on every platform can the server notice that a client has gone.
    if (errorCode(error) !== INVALID_PARAMETER_VALUE) throw error;
  }
}

/** Whether another role has every time-out in this database, of whatever length. */
export async function hasRoleTimeouts(connection: Connection, role: string): Promise<boolean> {
  const [row] = (await connection.query(
    `SELECT NOT EXISTS (
       SELECT FROM unnest($2::text[]) AS wanted (name) WHERE NOT EXISTS (
         SELECT FROM pg_db_role_setting setting
         JOIN pg_roles ON pg_roles.oid = setrole, unnest(setconfig) AS item
         WHERE rolname = $1 AND split_part(item, '=', 1) = wanted.name
           AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       )) AS complete`,
    [role, Object.keys(ROLE_TIMEOUTS)],
  )) as [{ complete: boolean }];
  return row.complete;
}

/** Which time-outs this connection lacks, and the SQL that mends it; null if it has them. */
export async function describeMissingTimeouts(connection: Connection): Promise<string | null> {
  const [row] = (await connection.query(
    `SELECT quote_ident(session_user) AS role, quote_ident(current_database()) AS database,
            array(SELECT name FROM unnest($1::text[]) AS name
                  WHERE current_setting(name) = '0') AS missing`,
    [Object.keys(ROLE_TIMEOUTS)],
  )) as [{ role: string; database: string; missing: string[] }];
  const { role, database, missing } = row;
  if (missing.length === 0) return null;
  return (
    `The role ${role} has no ${missing.join(', ')} in the database ${database}: ` +
    'run "npm run db:migrate" as this role, or this SQL, and have a pooler reconnect. ' +
    alterRole(role, database, { ...ROLE_TIMEOUTS, ...CONNECTION_CHECK })
  );
}

function alterRole(role: string, database: string, settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = '${value}';`)
    .join(' ');
}
