import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} dataDir
 * @returns {string} the secret that signs this installation's tokens: made once, so that sessions
 *   outlive a restart
 */
export function jwtSecret(dataDir) {
  const file = join(dataDir, 'jwt-secret');
  if (!fs.existsSync(file)) {
    fs.writeFileSync(`${file}.part`, randomBytes(48).toString('base64url'), { mode: 0o600 });
    fs.renameSync(`${file}.part`, file);
  }
  return fs.readFileSync(file, 'utf8');
}
