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
 * Node's own arguments for the API. Each request leaves some hundred short-lived objects behind: in
 * a larger nursery most are dead before they are looked at, which saves a tenth of the CPU. The
 * API's Dockerfile has the same.
 */
export const API_NODE_ARGS = ['--max-semi-space-size=64'];

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
