import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuSeconds } from './cpu.mjs';

/**
 * A program of the bench in a process of its own that stays until it is stopped, since what it
 * spends is not to be spent by the bench. It gets one line of JSON for each request and answers each
 * with one; it ends when its input does, hence with the bench however that ends.
 */
export class HelperProcess {
  #child;
  #ended;
  #answers;

  /**
   * @param {string} program the name of its file in this folder
   * @param {AbortSignal} signal ends it before its time
   * @param {string[]} [nodeArgs]
   */
  constructor(program, signal, nodeArgs = []) {
    this.#child = spawn(process.execPath, [...nodeArgs, join(import.meta.dirname, program)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      signal,
    });
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
    // What a process that has ended no longer reads is told by the missing answer.
    this.#child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', resolve).once('exit', resolve);
    });
    this.program = program;
  }

  /**
   * @param {object} request
   * @returns {Promise<any>} what it answers
   * @throws when it has ended
   */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.program} ended before its time`);
    return JSON.parse(value);
  }

  /** CPU seconds so far. */
  get cpu() {
    return cpuSeconds(Number(this.#child.pid));
  }

  async stop() {
    this.#child.stdin.end();
    await this.#ended;
  }
}

/**
 * The other side: answers requests as they come, one after another, and ends the process with them.
 *
 * @param {(request: any) => unknown} answer
 */
export async function answerRequests(answer) {
  for await (const line of createInterface(process.stdin)) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  }
  process.exit();
}
