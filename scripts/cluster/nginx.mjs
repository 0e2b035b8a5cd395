import { readFileSync } from 'node:fs';
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
  const configuration = join(root, 'deploy', 'nginx');
  place.copyFolder(configuration, 'nginx', 'nginx');
  place.copyFolder(join(root, 'frontend', 'dist'), 'nginx', 'html');
  for (const file of ['upstream.conf', 'sockets.conf']) {
    const list = readFileSync(join(configuration, file), 'utf8');
    place.writeFile(`nginx/nginx/${file}`, withAddresses(list, apiPorts));
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

/**
 * The containers' list of API instances with addresses in place of the name that Docker's DNS
 * resolves; its passive checks stay as they are.
 *
 * @param {string} list
 * @param {number[]} apiPorts
 */
function withAddresses(list, apiPorts) {
  return list
    .replace(/^resolver .*\n/m, '')
    .replace(/^server api:3000 resolve (.*)$/m, (_, parameters) =>
      apiPorts.map((port) => `server 127.0.0.1:${port} ${parameters}`).join('\n'),
    );
}
