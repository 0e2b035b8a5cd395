import * as fs from 'node:fs';
import { openPrivately } from './private-files.mjs';

const MAX_BYTES = 20 * 1024 * 1024;

/** An append-only log that never grows past two files of 20 MiB: `api.log` and `api.log.1`. */
export class LogFile {
  #fd;
  #size;

  /** @param {string} path */
  constructor(path) {
    this.path = path;
    this.#fd = openPrivately(path);
    const older = `${path}.1`;
    if (fs.existsSync(older)) fs.chmodSync(older, 0o600);
    this.#size = fs.fstatSync(this.#fd).size;
    if (this.#size > MAX_BYTES) this.#rotate();
  }

  /** The open file, for a process that writes into it by itself. */
  get fd() {
    return this.#fd;
  }

  /** @param {string} line */
  write(line) {
    try {
      this.#size += fs.writeSync(this.#fd, `${line}\n`);
      if (this.#size > MAX_BYTES) this.#rotate();
    } catch {
      // A full disk must not stop what is being logged.
    }
  }

  close() {
    fs.closeSync(this.#fd);
  }

  #rotate() {
    fs.closeSync(this.#fd);
    fs.renameSync(this.path, `${this.path}.1`);
    this.#fd = openPrivately(this.path);
    this.#size = 0;
  }
}
