import * as fs from 'node:fs';
import { join, relative } from 'node:path';

/**
 * @typedef {object} Entry of a package-lock.json
 * @property {boolean} [link]
 * @property {string} [resolved]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/**
 * @param {Record<string, Entry>} packages of a package-lock.json
 * @param {string} workspace such as `apps/api`
 * @returns {Set<string>} the paths, such as `node_modules/pg`, of all that this workspace needs when
 *   it runs, with the peers that its packages can do without: npm installs those too where the
 *   lockfile has them for another workspace
 */
export function neededPackages(packages, workspace) {
  const needed = new Set([workspace]);
  for (const path of needed) {
    const entry = packages[path] ?? {};
    for (const name of Object.keys({
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...entry.peerDependencies,
    })) {
      const found = resolve(packages, path, name);
      if (!found) continue;
      needed.add(found);
      const { link, resolved } = packages[found] ?? {};
      if (link && resolved) needed.add(resolved);
    }
  }
  return needed;
}

/**
 * @param {Record<string, Entry>} packages
 * @param {string} path
 * @param {string} name
 * @returns {string | undefined} where Node finds it from there
 */
function resolve(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === '') return undefined;
  }
}

/**
 * @param {string} root of a tree that npm installed
 * @returns {string[]} the paths, relative to it, of all packages there that are not links
 */
export function installedPackages(root) {
  return fs
    .readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name === 'package.json')
    .map((entry) => relative(root, entry.parentPath))
    .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*$/.test(path));
}

/**
 * @param {string} folder
 * @returns {number} the bytes of all files in it
 */
export function bytesOf(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(join(entry.parentPath, entry.name)).size, 0);
}
