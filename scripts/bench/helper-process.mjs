import { fork } from 'node:child_process';
import { join } from 'node:path';
import { cpuSeconds } from './cpu.mjs';

/** A program of this folder in its own process, so that its CPU is not the bench's. */
export class HelperProcess {
  #child;
  #exited;

  /**
   * @param {string} program the name of its file
   * @param {AbortSignal} signal kills it
   * @param {string[]} [execArgv] Node's arguments
   */
  constructor(program, signal, execArgv = []) {
    // Structured clones keep NaN and Infinity.
    const options = { execArgv, signal, serialization: /** @type {const} */ ('advanced') };
    this.#child = fork(join(import.meta.dirname, program), options);
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', resolve).once('error', resolve);
    });
    this.program = program;
  }

  /** @param {any} request @returns {Promise<any>} its answer */
  ask(request) {
    const answered = new Promise((resolve) => this.#child.once('message', resolve));
    this.#child.send(request);
    const failed = this.#exited.then(() => {
      throw new Error(`${this.program} has ended without an answer`);
    });
    return Promise.race([answered, failed]);
  }

  get cpu() {
    return cpuSeconds(Number(this.#child.pid));
  }

  async stop() {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }
}

/**
 * Asks one question.
 *
 * @param {string} program
 * @param {AbortSignal} signal
 * @param {object} request
 * @returns {Promise<any>}
 */
export async function runHelper(program, signal, request) {
  const helper = new HelperProcess(program, signal);
  try {
    return await helper.ask(request);
  } finally {
    await helper.stop();
  }
}

/** The other side. @param {(request: any) => unknown} answer */
export function answerRequests(answer) {
  process.on('message', (request) => {
    void (async () => process.send?.(await answer(request)))();
  });
  process.once('disconnect', () => process.exit());
}
