import { join } from 'node:path';
import { keepRunning } from './keep-running.mjs';
import { API_NODE_ARGS } from './programs.mjs';
import { Service } from './service.mjs';
import { httpUrl } from './settings.mjs';

/**
 * @typedef {object} ServicesOptions
 * @property {import('./programs.mjs').Programs} programs
 * @property {import('./settings.mjs').Settings} settings
 * @property {Record<string, string | undefined>} environment
 * @property {(name: string, pid: number) => void} onSpawn
 *
 * @typedef {object} Services
 * @property {Service[]} all
 * @property {(over: AbortSignal) => Promise<unknown>} watch keeps them running until `over` is aborted
 */

/**
 * @param {ServicesOptions} options
 * @returns {Services}
 */
export function productionServices(options) {
  const all = apiAndWorker(options);
  return { all, watch: (over) => Promise.all(all.map((service) => keepRunning(service, over))) };
}

/** @param {ServicesOptions} options */
export function apiAndWorker({ programs, settings, environment, onSpawn }) {
  const { HOST, PORT } = environment;
  const logs = join(settings.dataDir, 'logs');
  const common = { cwd: settings.root, env: environment, onSpawn };
  const api = new Service({
    ...common,
    name: 'API',
    args: [...API_NODE_ARGS, programs.api],
    logPath: join(logs, 'api.log'),
    readyUrl: `${httpUrl(String(HOST), Number(PORT))}/health/ready`,
  });
  const worker = new Service({
    ...common,
    name: 'worker',
    args: [programs.worker],
    logPath: join(logs, 'worker.log'),
    readyUrl: (port) => `${httpUrl(String(HOST), port)}/health/ready`,
  });
  return [api, worker];
}
