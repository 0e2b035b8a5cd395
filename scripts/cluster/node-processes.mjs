import { join } from 'node:path';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { answersOk } from './answers.mjs';
import { Program } from './program.mjs';

/**
 * @typedef {object} NodeProcessOptions
 * @property {string} root the repository's folder
 * @property {import('../launcher/programs.mjs').Programs} built
 * @property {import('./place.mjs').Place} place
 * @property {NodeJS.ProcessEnv} env
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/** An API instance and its addresses. */
export class ApiProcess extends Program {
  /**
   * @param {NodeProcessOptions & { number: number, port: number, metricsPort: number }} options
   */
  constructor({ root, built, place, env, onSpawn, number, port, metricsPort }) {
    const url = `http://127.0.0.1:${port}`;
    super({
      name: `API ${number}`,
      file: process.execPath,
      args: [...API_NODE_ARGS, built.api],
      cwd: root,
      env: { ...env, HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: String(metricsPort) },
      logPath: join(place.logs, `api-${number}.log`),
      isReady: () => answersOk(`${url}/health/ready`),
      onSpawn,
    });
    this.url = url;
    this.metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    this.liveUrl = `http://127.0.0.1:${metricsPort}/health/live`;
  }
}

/** A worker and the address where operators ask it. */
export class WorkerProcess extends Program {
  /**
   * @param {NodeProcessOptions & { number: number, port: number }} options
   */
  constructor({ root, built, place, env, onSpawn, number, port }) {
    const url = `http://127.0.0.1:${port}`;
    super({
      name: `worker ${number}`,
      file: process.execPath,
      args: [built.worker],
      cwd: root,
      env: { ...env, HOST: '127.0.0.1', WORKER_PORT: String(port) },
      logPath: join(place.logs, `worker-${number}.log`),
      isReady: () => answersOk(`${url}/health/ready`),
      onSpawn,
    });
    this.url = url;
    this.metricsUrl = `${url}/metrics`;
    this.liveUrl = `${url}/health/live`;
  }
}
