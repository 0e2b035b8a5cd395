// Sees that the lockfile works on every machine: native packages for each platform, and no
// address to download from, which would tie it to one registry.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const PLATFORMS = ['linux', 'darwin'].flatMap((os) => ['x64', 'arm64'].map((cpu) => ({ os, cpu })));

/**
 * @typedef {object} Entry
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [hasInstallScript]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @type {{ packages: Record<string, Entry> }} */
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
const problems = [];

for (const [path, { resolved, link }] of Object.entries(packages)) {
  if (resolved && !link) problems.push(`${path} has a download address`);
}

// npm installs a wrong tree, without a word, when a workspace has moved on from the lockfile.
for (const [path, entry] of Object.entries(packages)) {
  if (path.includes('node_modules/')) continue;
  /** @type {Entry} */
  const manifest = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
  for (const kind of /** @type {const} */ (['dependencies', 'devDependencies'])) {
    if (isDeepStrictEqual({ ...manifest[kind] }, { ...entry[kind] })) continue;
    problems.push(`${kind} of ${path || 'the root'} are not those of its package.json`);
  }
}

/** @param {string} name */
const entriesOf = (name) =>
  Object.entries(packages).flatMap(([path, entry]) =>
    path.endsWith(`node_modules/${name}`) ? [entry] : [],
  );

/** @type {{ allowScripts: Record<string, boolean> }} */
const { allowScripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
for (const [path, { hasInstallScript, os, cpu }] of Object.entries(packages)) {
  const isOurs = PLATFORMS.some(
    (platform) =>
      (os ?? [platform.os]).includes(platform.os) && (cpu ?? [platform.cpu]).includes(platform.cpu),
  );
  const name = path.replace(/^.*node_modules\//, '');
  if (!hasInstallScript || !isOurs || name in allowScripts) continue;
  problems.push(`${name} has an install script, and allowScripts does not say whether it runs`);
}

let families = 0;
for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
  const names = Object.keys(optionalDependencies);
  const natives = names.flatMap((name) => entriesOf(name)).filter(({ os, cpu }) => os && cpu);
  // A package whose binaries come one a platform names several; a single one is a mere extra.
  if (names.length < PLATFORMS.length || !names.some((name) => /linux|darwin/.test(name))) continue;
  families += 1;
  for (const { os, cpu } of PLATFORMS) {
    if (natives.some((entry) => entry.os?.includes(os) && entry.cpu?.includes(cpu))) continue;
    problems.push(`${path} has no binary for ${os} ${cpu}`);
  }
}
if (families === 0)
  problems.push('no package with native binaries was found: is this check right?');

for (const problem of problems) console.error(`package-lock.json: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
