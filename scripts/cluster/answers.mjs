import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

/**
 * Asks a server on this machine one thing in its own protocol.
 *
 * @param {number} port
 * @param {string} question
 * @param {string} answer what its answer begins with
 * @returns {Promise<void>} rejects when it says nothing or something else
 */
export function answers(port, question, answer) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: PATIENCE_MS });
    /** @param {Error} [error] */
    const end = (error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('no answer in time')));
    socket.once('close', () => end(new Error('hung up')));
    socket.once('data', (data) => {
      const isRight = data.toString('latin1').startsWith(answer);
      end(isRight ? undefined : new Error('another answer'));
    });
    socket.write(question, 'latin1');
  });
}

/**
 * @param {string} url
 * @returns {Promise<void>} rejects unless it answers 200
 */
export async function answersOk(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body.slice(0, 200)}`);
}
