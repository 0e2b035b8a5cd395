import { statSync } from 'node:fs';
import { run } from './command.mjs';
import { StartError } from './start-error.mjs';

/**
 * Whom the PostgreSQL server runs as, in the form `spawn` takes. It refuses to run as root, so root
 * lends it another user; everybody else runs it as themselves.
 *
 * @typedef {{ uid?: number, gid?: number }} ServerUser
 */

/**
 * @param {string | null} data the server's data, whose owner stays its user once there is any; null
 *   where there is none yet
 * @returns {Promise<ServerUser>}
 */
export async function serverUser(data) {
  if (process.getuid?.() !== 0) return {};
  const owner = data === null ? undefined : statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await systemUser('postgres')) ?? (await systemUser('nobody'));
  if (user) return user;
  throw new StartError(
    'PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody to run it as: start Modex as an ordinary user.',
  );
}

/**
 * What PostgreSQL's programs find in their environment: all that is in ours but libpq's and the
 * server's own variables (PGPORT, PGDATA, PGOPTIONS …), which belong to another server.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function serverEnvironment() {
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(env), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * @param {ServerUser} user
 * @param {string} folder
 * @returns {Promise<boolean>} whether that user gets into the folder, tried instead of computed
 */
export async function canEnter(user, folder) {
  const { code } = await run('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...user, cwd: '/' });
  return code === 0;
}

/**
 * @param {string} name
 * @returns {Promise<ServerUser | null>}
 */
async function systemUser(name) {
  const uid = await run('id', ['-u', name], { cwd: '/' });
  const gid = await run('id', ['-g', name], { cwd: '/' });
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}
