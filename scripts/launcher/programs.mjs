import { join } from 'node:path';

/**
 * The compiled entry files.
 *
 * @typedef {object} Programs
 * @property {string} migrate
 * @property {string} seed
 * @property {string} api
 * @property {string} worker
 */

/**
 * @param {string} root the repository's folder
 * @returns {Programs}
 */
export function builtPrograms(root) {
  const api = join(root, 'apps', 'api', 'dist');
  return {
    migrate: join(api, 'commands', 'migrate.js'),
    seed: join(api, 'commands', 'seed-demo.js'),
    api: join(api, 'main.js'),
    worker: join(root, 'apps', 'worker', 'dist', 'main.js'),
  };
}
