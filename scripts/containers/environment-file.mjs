import { randomBytes } from 'node:crypto';
import { StartError } from '../launcher/start-error.mjs';
import { PROFILES, SECRETS } from './profiles.mjs';

/** Letters and digits only, since most of them become part of a URL. */
const newSecret = () => randomBytes(32).toString('hex');

/**
 * @param {string[]} wanted the profiles to start
 * @returns {string} a .env for docker compose with new secrets, in which the other profiles are
 *   there to be switched on
 * @throws {StartError} on a profile that is not there, or two that cannot go together
 */
export function environmentFile(wanted) {
  const profiles = [...new Set(wanted)];
  const unknown = profiles.filter((name) => !Object.hasOwn(PROFILES, name));
  if (unknown.length > 0) {
    const known = Object.keys(PROFILES).join(', ');
    throw new StartError(`There is no profile ${unknown.join(', ')}; there are ${known}.`);
  }
  if (profiles.includes('scale') && profiles.includes('citus')) {
    throw new StartError(
      'scale and citus do not go together: the replica and PgBouncer of scale belong to the one PostgreSQL.',
    );
  }
  const lines = [
    '# The secrets and profiles of this installation, for docker compose; made by `npm run env:make`.',
    '# Every other variable there is: .env.example.',
    '',
    ...SECRETS.map((name) => `${name}=${newSecret()}`),
    '',
    '# To add a profile, name it here and take the "# " from its variables below; with commas between.',
    `COMPOSE_PROFILES=${profiles.join(',')}`,
  ];
  for (const [name, { adds, variables }] of Object.entries(PROFILES)) {
    const mark = profiles.includes(name) ? '' : '# ';
    lines.push('', `# --- ${name}: ${adds}`);
    for (const [variable, value] of Object.entries(variables)) {
      lines.push(`${mark}${variable}=${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
