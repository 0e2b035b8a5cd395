import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StartError, errorCode } from './start-error.mjs';

/** @returns {Promise<number>} a port on the loopback address that was free a moment ago */
export async function freePort() {
  return listenOnce(0, '127.0.0.1');
}

/** Ports that were given out, of which the servers may not have started yet. @type {Set<number>} */
const givenOut = new Set();

/**
 * @returns {Promise<number>} a port on the loopback address that stays free while its server is
 *   stopped: no system lends it to outgoing connections
 */
export async function lastingPort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (givenOut.has(port)) continue;
    givenOut.add(port);
    const isFree = await listenOnce(port, '127.0.0.1').then(
      () => true,
      () => false,
    );
    if (isFree) return port;
  }
}

/**
 * @param {string} host
 * @param {number} port
 */
export async function assertPortIsFree(host, port) {
  try {
    await listenOnce(port, host);
  } catch (error) {
    throw new StartError(explain(errorCode(error), host, port), { cause: error });
  }
}

/**
 * @param {string | undefined} code
 * @param {string} host
 * @param {number} port
 */
function explain(code, host, port) {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is taken by another program: stop that one, or set PORT to a free port, such as PORT=${port === 3000 ? 3001 : 3000}.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST is not an address of this machine: 127.0.0.1 (the default) serves this machine only, 0.0.0.0 every network it is in.`;
    default:
      return `Cannot listen on port ${port} of ${host} (${code}).`;
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
function listenOnce(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
