// A terminal may close, and a pipe's reader may go, while there are still processes to stop: what
// can no longer be written is dropped.
let closed = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => (closed ||= 'code' in error && error.code === 'EIO'));
}

/** Whether there was a terminal and it is gone. */
export function terminalIsClosed() {
  return closed;
}

/** @param {string} [line] */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/** @param {string} line */
export function complain(line) {
  process.stderr.write(`${line}\n`);
}
