import { join } from 'node:path';
import { answersOk } from './answers.mjs';
import { Program } from './program.mjs';

/**
 * The web server in front, with the containers' own configuration: only the lists of API instances
 * and the address to listen on are written anew.
 *
 * @param {object} options
 * @param {string} options.root the repository's folder
 * @param {import('./find-programs.mjs').ClusterPrograms} options.programs
 * @param {import('./place.mjs').Place} options.place
 * @param {number} options.port
 * @param {number[]} options.apiPorts
 * @param {(name: string, pid: number) => void} [options.onSpawn]
 */
export function nginxProgram({ root, programs, place, port, apiPorts, onSpawn }) {
  const prefix = place.makeFolder('nginx');
  place.makeFolder('nginx', 'run');
  // Copied, since the web server's user may not enter the folder that a clone lies in.
  place.copyFolder(join(root, 'deploy', 'nginx'), 'nginx', 'nginx');
  place.copyFolder(join(root, 'frontend', 'dist'), 'nginx', 'html');
  for (const [file, check] of Object.entries(CHECKS)) {
    const servers = apiPorts.map((each) => `server 127.0.0.1:${each} ${check};\n`);
    place.writeFile(`nginx/nginx/${file}`, servers.join(''));
  }
  place.writeFile('nginx/nginx/listen.conf', `listen 127.0.0.1:${port} backlog=4096;\n`);
  return new Program({
    name: 'nginx',
    file: programs.nginx,
    args: ['-e', 'stderr', '-p', `${prefix}/`, '-c', 'nginx/nginx.conf', '-g', 'daemon off;'],
    cwd: prefix,
    user: place.user,
    logPath: join(place.logs, 'nginx.log'),
    isReady: () => answersOk(`http://127.0.0.1:${port}/health/live`),
    onSpawn,
  });
}

/** The lists of API instances, with passive checks as in the containers'. */
const CHECKS = {
  'upstream.conf': 'max_fails=2 fail_timeout=2s',
  'sockets.conf': 'max_fails=0',
};
