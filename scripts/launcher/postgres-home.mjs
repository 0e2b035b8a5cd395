import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { StartError, errorCode } from './start-error.mjs';
import { canEnter } from './server-user.mjs';

/** Where a server's files go that its user cannot reach in the data folder. Both outlive a reboot. */
const OUTSIDE = ['/var/lib', '/var/tmp'];

/** @param {string} dataDir */
export function homeLink(dataDir) {
  return join(dataDir, 'postgres');
}

/**
 * The folder with all that belongs to the server: its data, its password and, where the packaged
 * ones are out of its reach, its programs. It is `<dataDir>/postgres`, which becomes a link to a
 * folder elsewhere when the server's user cannot enter the data folder.
 *
 * @param {string} dataDir
 * @param {import('./server-user.mjs').ServerUser} user
 * @returns {Promise<string>} the folder, all links resolved
 */
export async function postgresHome(dataDir, user) {
  const link = homeLink(dataDir);
  fs.mkdirSync(dataDir, { recursive: true });
  if (fs.existsSync(link)) {
    const home = fs.realpathSync(link);
    if (await canEnter(user, home)) return home;
    throw new StartError(
      `PostgreSQL does not run as root, and the user lent to it (uid ${user.uid}) cannot enter ${home} any more: let it (chmod o+x on the folders above), or set MODEX_DATA_DIR.`,
    );
  }
  // A link whose target is gone would be in the way.
  fs.rmSync(link, { force: true });
  makeOwned(link, user);
  if (await canEnter(user, link)) return fs.realpathSync(link);
  fs.rmdirSync(link);
  const outside = await outsideHome(fs.realpathSync(dataDir), user);
  fs.symlinkSync(outside, link);
  return outside;
}

/**
 * @param {string} dataDir
 * @param {import('./server-user.mjs').ServerUser} user
 */
async function outsideHome(dataDir, user) {
  const name = `modex-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
  for (const parent of OUTSIDE) {
    const home = join(parent, name);
    try {
      makeOwned(home, user);
    } catch (error) {
      // EEXIST is our own folder of an earlier start, unless somebody else put it there.
      if (errorCode(error) !== 'EEXIST') continue;
    }
    const { uid } = fs.lstatSync(home);
    if (uid === user.uid && (await canEnter(user, home))) return home;
  }
  throw new StartError(
    `PostgreSQL does not run as root, and neither ${dataDir} nor ${OUTSIDE.join(' nor ')} offers a folder that the user lent to it (uid ${user.uid}) can enter: set MODEX_DATA_DIR to one that others may enter.`,
  );
}

/**
 * @param {string} folder
 * @param {import('./server-user.mjs').ServerUser} user
 */
function makeOwned(folder, { uid, gid }) {
  fs.mkdirSync(folder, { mode: 0o700 });
  if (uid !== undefined && gid !== undefined) fs.chownSync(folder, uid, gid);
}
