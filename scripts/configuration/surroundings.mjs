import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADING = '# --- Around them';

/**
 * @typedef {object} Surrounding
 * @property {string} name
 * @property {string} reader
 * @property {string} meaning
 * @property {string} value the default; empty where there is none
 */

/**
 * Variables that no process reads but the launcher, docker compose and the tests. No schema has
 * them, so `.env.example` describes them: `# (reader) meaning` lines before `# NAME=default`.
 *
 * @param {string} root
 * @returns {Surrounding[]}
 */
export function readSurroundings(root) {
  const text = readFileSync(join(root, '.env.example'), 'utf8');
  const start = text.indexOf(HEADING);
  if (start === -1) throw new Error(`.env.example has no line "${HEADING}"`);
  /** @type {Surrounding[]} */
  const found = [];
  let comment = '';
  let described = '';
  for (const line of text.slice(start).split('\n').slice(1)) {
    const [, name, value = ''] = /^(?:# )?([A-Z][A-Z\d_]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      comment += ` ${line.replace(/^# ?/, '')}`;
      continue;
    }
    // Variables that belong together stand below one comment.
    if (comment.trim() !== '') described = comment.trim();
    comment = '';
    const [, reader, meaning] = /^\(([^)]+)\) (.+)$/.exec(described) ?? [];
    if (!reader || !meaning) throw new Error(`.env.example: say who reads ${name}, and why`);
    found.push({ name, reader, meaning, value });
  }
  return found;
}
