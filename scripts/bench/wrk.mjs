import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cpuSeconds } from './cpu.mjs';

const CPU_EVERY_MS = 100;

/**
 * @typedef {object} Load
 * @property {string} [url] of the server; left out, the API
 * @property {string} path
 * @property {string[]} shows
 * @property {'plain' | 'keyed' | 'confirm'} [mode] with an idempotency key, or each hold confirmed
 * @property {number} connections
 * @property {number} seconds
 *
 * @typedef {object} Reads
 * @property {string} [url] of the server; left out, the API
 * @property {string[]} paths read in turn, without commas in them
 * @property {number} connections
 * @property {number} seconds
 *
 * @typedef {object} Measured
 * @property {number} requests answered
 * @property {number} seconds
 * @property {number} failed answers that were not 2xx, and connections that broke
 * @property {number} p50 milliseconds
 * @property {number} p95
 * @property {number} p99
 * @property {number} generatorCpu seconds
 */

/**
 * A closed loop: every connection sends its next request when it has its answer.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 * @param {Load} load
 * @returns {Promise<Measured>}
 */
export async function runWrk(system, load) {
  const { url = system.url, path, shows, mode = 'plain', connections, seconds } = load;
  const args = [system.audience.file, shows.join(), path, mode];
  return run(system, { script: 'wrk.lua', url, connections, seconds, args });
}

/**
 * A closed loop of reads.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 * @param {Reads} reads
 * @returns {Promise<Measured>}
 */
export async function runWrkReads(system, { url = system.url, paths, connections, seconds }) {
  const args = [system.audience.file, paths.join()];
  return run(system, { script: 'wrk-reads.lua', url, connections, seconds, args });
}

/**
 * wrk, in its own process, with one thread.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 * @param {{ script: string, url: string, connections: number, seconds: number, args: string[] }} options
 * @returns {Promise<Measured>}
 */
async function run({ signal }, { script, url, connections, seconds, args }) {
  const child = spawn(
    'wrk',
    [
      ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'],
      ...['-s', join(import.meta.dirname, script), url, '--', ...args],
    ],
    { signal },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  let generatorCpu = 0;
  const meter = setInterval(() => {
    const used = child.pid === undefined ? Number.NaN : cpuSeconds(child.pid);
    if (used > generatorCpu) generatorCpu = used;
  }, CPU_EVERY_MS);
  try {
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  } finally {
    clearInterval(meter);
  }
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!result) throw new Error(`wrk failed:\n${output}`);
  return { ...JSON.parse(result), generatorCpu };
}
