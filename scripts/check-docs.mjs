// Sees that what the documentation names is there: the targets of its links, and in the tables of
// docs/requirements.md and docs/security.md the files and tests that keep a statement.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TABLES = ['docs/requirements.md', 'docs/security.md'];
const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.modex']);

/**
 * @param {string} folder
 * @returns {string[]} paths from the root
 */
function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NOT_OURS.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const files = filesIn('');
/** @type {string[]} */
const problems = [];

for (const document of files.filter((file) => file.endsWith('.md'))) {
  const text = readFileSync(join(ROOT, document), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target) || existsSync(join(ROOT, dirname(document), target))) continue;
    problems.push(`${document} links to ${target}, which does not exist`);
  }
}

for (const document of TABLES) {
  const rows = readFileSync(join(ROOT, document), 'utf8').split('\n');
  for (const row of rows.filter((line) => line.startsWith('| '))) {
    for (const [, name = ''] of row.matchAll(/`([^`]+)`/g)) {
      // Names of classes, variables, packages and routes stand beside those of files.
      if (!/^\w[\w./-]*$/.test(name) || !/\/|\.(ts|tsx|mjs|yml|conf)$/.test(name)) continue;
      // A file's name, the end of its path, or a folder that it is in.
      const part = `/${name.replace(/\/$/, '')}/`;
      if (files.some((file) => `/${file}/`.includes(part))) continue;
      problems.push(`${document}: "${row.slice(0, 60).trim()} …" names ${name}, which is gone`);
    }
  }
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
