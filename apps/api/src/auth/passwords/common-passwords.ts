import { readFileSync } from 'node:fs';

/** Beside the sources and beside what is built from them alike. */
const FILE = new URL('../../../assets/common-passwords.txt', import.meta.url);

/** The commonest passwords of ten and more characters, folded. */
export function readCommonPasswords(): ReadonlySet<string> {
  return new Set(readFileSync(FILE, 'utf8').trimEnd().split('\n'));
}
