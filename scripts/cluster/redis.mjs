import { join } from 'node:path';
import { answers } from './answers.mjs';
import { Program } from './program.mjs';

/**
 * A Redis that keeps nothing, since all that is in it can be read again from PostgreSQL.
 *
 * @param {object} options
 * @param {Pick<import('./find-programs.mjs').ClusterPrograms, 'redis'>} options.programs
 * @param {import('./place.mjs').Place} options.place
 * @param {number} options.port
 * @param {(name: string, pid: number) => void} [options.onSpawn]
 */
export function redisProgram({ programs, place, port, onSpawn }) {
  return new Program({
    name: 'Redis',
    file: programs.redis,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1'],
      ...['--save', '', '--appendonly', 'no'],
    ],
    cwd: place.makeFolder('redis'),
    user: place.user,
    logPath: join(place.logs, 'redis.log'),
    isReady: () => answers(port, 'PING\r\n', '+PONG'),
    onSpawn,
  });
}
