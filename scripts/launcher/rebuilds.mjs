import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { complain, say } from './terminal.mjs';

/** Starts programs again when the compiler has written new code for them. */
export class Rebuilds {
  #root;
  #programs;
  #newest;
  /** @type {AbortSignal | null} */
  #over = null;
  #isRestarting = false;
  #queue = Promise.resolve();

  /**
   * @param {string} root
   * @param {import('./service.mjs').Service[]} programs
   */
  constructor(root, programs) {
    this.#root = root;
    this.#programs = programs;
    this.#newest = newestOutput(root);
  }

  /** @param {AbortSignal} over */
  watch(over) {
    this.#over = over;
    for (const program of this.#programs) this.#tellOfDeath(program);
  }

  /** @param {string} line as `tsc --watch` prints it, whose summary ends each round of compiling */
  onCompilerLine(line) {
    if (line.trim()) say(line);
    if (!this.#over || !line.includes('Found 0 errors')) return;
    const newest = newestOutput(this.#root);
    if (newest === this.#newest) return;
    this.#newest = newest;
    this.#queue = this.#queue.then(() => this.#restart());
  }

  async #restart() {
    if (this.#over?.aborted) return;
    say('Starting the API and the worker again …');
    this.#isRestarting = true;
    await Promise.all(this.#programs.map((program) => program.stop()));
    this.#isRestarting = false;
    if (this.#over?.aborted) return;
    for (const program of this.#programs) {
      program.spawn();
      this.#tellOfDeath(program);
    }
  }

  /** @param {import('./service.mjs').Service} program */
  #tellOfDeath(program) {
    void program.exited.then((how) => {
      if (this.#isRestarting || this.#over?.aborted) return;
      complain(`The ${program.name} ended (${how}); it is started again when its code changes.`);
    });
  }
}

/** @param {string} root */
function newestOutput(root) {
  let newest = 0;
  for (const packages of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, packages))) {
      const dist = join(root, packages, name, 'dist');
      for (const file of readdirSync(dist, { encoding: 'utf8', recursive: true })) {
        if (file.endsWith('.js')) newest = Math.max(newest, statSync(join(dist, file)).mtimeMs);
      }
    }
  }
  return newest;
}
