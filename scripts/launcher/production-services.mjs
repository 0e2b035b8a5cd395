import { join } from 'node:path';
import { keepRunning } from './keep-running.mjs';
import { killWhenSilent } from './liveness.mjs';
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
  /** @param {AbortSignal} over */
  const watch = (over) =>
    Promise.all(
      all.flatMap((service) => [keepRunning(service, over), killWhenSilent(service, over)]),
    );
  return { all, watch };
}

/** @param {ServicesOptions} options */
export function apiAndWorker({ programs, settings, environment, onSpawn }) {
  const { HOST, PORT } = environment;
  const logs = join(settings.dataDir, 'logs');
  /** @param {number} port */
  const liveUrl = (port) => `${httpUrl(String(HOST), port)}/health/live`;
  const common = { cwd: settings.root, env: environment, onSpawn };
  const api = new Service({
    ...common,
    name: 'API',
    args: [...API_NODE_ARGS, programs.api],
    logPath: join(logs, 'api.log'),
    readyUrl: `${httpUrl(String(HOST), Number(PORT))}/health/ready`,
    liveUrl,
  });
  const worker = new Service({
    ...common,
    name: 'worker',
    args: [programs.worker],
    logPath: join(logs, 'worker.log'),
    readyUrl: (port) => `${httpUrl(String(HOST), port)}/health/ready`,
    liveUrl,
  });
  return [api, worker];
}
