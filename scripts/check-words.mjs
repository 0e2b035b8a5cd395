// Fails on words that the glossary of ARCHITECTURE.md has replaced. What is retired, and where a
// word may stay in its literal meaning, is words/retired-words.json.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRetired } from './words/find-retired.mjs';

const ROOT = join(import.meta.dirname, '..');
const LIST = 'scripts/words/retired-words.json';

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const files = listed
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)))
  .map((file) => ({ file, bytes: readFileSync(join(ROOT, file)) }))
  // Pictures have no words.
  .filter(({ bytes }) => !bytes.includes(0))
  .map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));

const problems = findRetired(JSON.parse(readFileSync(join(ROOT, LIST), 'utf8')), files);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
