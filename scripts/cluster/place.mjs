import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUser } from '../launcher/server-user.mjs';

/**
 * Where the servers of a cluster or of a test keep their files: a folder of its own that is gone when
 * they are. Root lends the servers another user, since some of them do not run as root.
 */
export class Place {
  /**
   * @param {string} folder
   * @param {import('../launcher/server-user.mjs').ServerUser} user
   */
  constructor(folder, user) {
    this.folder = folder;
    this.user = user;
  }

  static async create() {
    const user = await serverUser(null);
    const folder = mkdtempSync(join(tmpdir(), 'modex-cluster-'));
    const place = new Place(folder, user);
    place.#give(folder);
    chmodSync(folder, 0o755);
    return place;
  }

  get logs() {
    return join(this.folder, 'logs');
  }

  /**
   * Makes a folder of the servers' user.
   *
   * @param {string[]} names
   */
  makeFolder(...names) {
    const folder = join(this.folder, ...names);
    mkdirSync(folder, { mode: 0o700, recursive: true });
    this.#give(folder);
    return folder;
  }

  /**
   * Writes a file that is the servers' user's alone.
   *
   * @param {string} name
   * @param {string} text
   */
  writeFile(name, text) {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    this.#give(path);
    return path;
  }

  /**
   * Copies a folder, all of which becomes the servers' user's.
   *
   * @param {string} from
   * @param {string[]} to
   */
  copyFolder(from, ...to) {
    const folder = this.makeFolder(...to);
    cpSync(from, folder, { recursive: true });
    const names = readdirSync(folder, { encoding: 'utf8', recursive: true });
    for (const name of names) this.#give(join(folder, name));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param {string} path */
  #give(path) {
    const { uid, gid } = this.user;
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  }
}
