import * as fs from 'node:fs';
import { dirname } from 'node:path';

/**
 * Opens a file to append to it, which only its owner may read, in a folder that only its owner may
 * enter, whatever the umask says. What an earlier release made for everybody is changed.
 *
 * @param {string} path
 * @returns {number} the open file
 */
export function openPrivately(path) {
  const folder = dirname(path);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.chmodSync(folder, 0o700);
  const file = fs.openSync(path, 'a', 0o600);
  fs.fchmodSync(file, 0o600);
  return file;
}
