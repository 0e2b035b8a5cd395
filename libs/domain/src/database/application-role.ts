import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { errorCode } from './database-errors.js';
import { DatabaseNotReadyError } from './database-not-ready.js';
import { grantRights } from './role-rights.js';
import { hasRoleTimeouts, setRoleTimeouts } from './role-timeouts.js';

const DUPLICATE_OBJECT = '42710';
const INSUFFICIENT_PRIVILEGE = '42501';
/** PostgreSQL's own number. */
const SCRAM_ITERATIONS = 4_096;

interface Connection {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Prepares the roles that API and worker use, where they are not the one that migrates: makes one
 * that does not exist, and gives each its rights on the tables and its time-outs. A password that a
 * role has is never changed.
 * @param connection as the owner of the tables
 * @param urls of API and worker
 * @throws DatabaseNotReadyError where the owner may not do it, with what somebody else has to do
 */
export async function prepareApplicationRoles(
  connection: Connection,
  urls: readonly string[],
): Promise<void> {
  const [{ owner }] = (await connection.query('SELECT current_user AS owner')) as [
    { owner: string },
  ];
  const roles = new Map(urls.map((url) => [userOf(url), passwordOf(url)]));
  for (const [name, password] of roles) {
    if (name === '' || name === owner) continue;
    const [role] = (await connection.query(
      `SELECT quote_ident($1) AS quoted, coalesce(bool_or(rolsuper), false) AS super,
              count(*) > 0 AS exists
       FROM pg_roles WHERE rolname = $1`,
      [name],
    )) as [{ quoted: string; super: boolean; exists: boolean }];
    if (role.super) continue;
    try {
      if (!role.exists) await create(connection, role.quoted, password);
      await grantRights(connection, role.quoted);
      await setRoleTimeouts(connection, {}, role.quoted).catch(async (error: unknown) => {
        // An administrator has set them, where the owner may not.
        const isSet = await hasRoleTimeouts(connection, name).catch(() => false);
        if (errorCode(error) !== INSUFFICIENT_PRIVILEGE || !isSet) throw error;
      });
    } catch (error) {
      if (errorCode(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new DatabaseNotReadyError(
        `The role ${owner} may not prepare the role ${role.quoted} that DATABASE_URL names ` +
          `(${(error as Error).message}): let an administrator make it (CREATE ROLE ${role.quoted} LOGIN) ` +
          'and do what docs/operations.md says under "Database roles", or name one role in both URLs.',
        { cause: error },
      );
    }
  }
}

async function create(connection: Connection, role: string, password: string): Promise<void> {
  const secret = password === '' ? '' : ` PASSWORD '${scramVerifier(password)}'`;
  try {
    await connection.query(
      `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS${secret}`,
    );
  } catch (error) {
    // Somebody else migrates at the same time.
    if (errorCode(error) !== DUPLICATE_OBJECT) throw error;
  }
}

/** What PostgreSQL keeps of a password (RFC 5803), so that the password itself gets into no log of it. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(sign('Client Key')).digest('base64');
  const serverKey = sign('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

const userOf = (url: string) => decodeURIComponent(new URL(url).username);
const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
