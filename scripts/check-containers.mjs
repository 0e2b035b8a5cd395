// What can be said about the images and their set-up without a container engine. That the YAML is
// valid is seen by Prettier, that it is a compose file by the public workflow, which starts it.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

const ROOT = join(import.meta.dirname, '..');
const DOCKERFILES = ['apps/api/Dockerfile', 'apps/worker/Dockerfile', 'frontend/Dockerfile'];
const CONFIGS = [
  'libs/platform/src/config/process-config.ts',
  'apps/api/src/config/api-config.ts',
  'apps/worker/src/config/worker-config.ts',
];
/** What the images of others and compose itself read. */
const FOREIGN = ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS'];

/** @type {string[]} */
const problems = [];
/** @param {string} path */
const read = (path) => fs.readFileSync(join(ROOT, path), 'utf8');
/**
 * @param {string} text
 * @param {RegExp} pattern
 * @returns {Set<string>} what its first group matched
 */
const names = (text, pattern) => new Set([...text.matchAll(pattern)].map(([, name]) => `${name}`));
/**
 * @param {Iterable<string>} some
 * @param {Set<string>} all
 * @param {(name: string) => string} complaint
 */
function expectWithin(some, all, complaint) {
  for (const name of some) if (!all.has(name)) problems.push(complaint(name));
}

const configured = new Set(CONFIGS.flatMap((file) => [...names(read(file), /^ {2}([A-Z_]+)\b/gm)]));
checkDockerfiles();
checkVariables();
await checkContentSecurityPolicy();
checkNginx();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function checkDockerfiles() {
  /** @type {{ workspaces: string[] }} */
  const { workspaces } = JSON.parse(read('package.json'));
  const libraries = workspaces.filter((workspace) => workspace.startsWith('libs/'));
  for (const file of DOCKERFILES) {
    const text = read(file);
    for (const [, sources = ''] of text.matchAll(/^COPY (?!--)(.+) \S+$/gm)) {
      for (const source of sources.split(' ')) {
        if (!fs.existsSync(join(ROOT, source))) problems.push(`${file}: there is no ${source}`);
      }
    }
    const needed = workspaces.map((workspace) => `COPY ${workspace}/package.json ${workspace}/`);
    if (file.startsWith('apps/')) {
      needed.push(...libraries.map((lib) => `COPY --from=build /app/${lib}/dist ${lib}/dist`));
    }
    expectWithin(needed, new Set(text.split('\n')), (line) => `${file} lacks: ${line}`);
    const set = [...names(text, /(?<=^ENV .*)\b([A-Z_]+)=/gm)];
    expectWithin(set, configured, (name) => `${file}: nothing reads ${name}`);
  }
}

function checkVariables() {
  const compose = read('docker-compose.yml');
  const set = names(compose, /^ +([A-Z_]+):/gm);
  const asked = names(compose, /\$\{([A-Z_]+)/g);
  const known = new Set([...configured, ...FOREIGN]);
  expectWithin(set, known, (name) => `docker-compose.yml: nothing reads ${name}`);

  const programs = ['scripts', 'test', 'apps/api/src/commands'].flatMap((folder) =>
    fs
      .readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive: true })
      .filter((file) => /\.(mjs|ts)$/.test(file))
      .map((file) => read(join(folder, file))),
  );
  const elsewhere = names(programs.join('\n'), /\benv(?:\.|\[')([A-Z_]+)/g);
  const documented = names(read('.env.example'), /^(?:# )?([A-Z_]+)=/gm);
  const wanted = new Set([...configured, ...asked]);
  expectWithin(wanted, documented, (name) => `.env.example lacks ${name}`);
  const all = new Set([...wanted, ...elsewhere]);
  expectWithin(documented, all, (name) => `.env.example: nothing reads ${name}`);
}

/** Whoever serves the page, the browser gets the same rules. */
async function checkContentSecurityPolicy() {
  const { contentSecurityPolicy } = await tsImport(
    '../apps/api/src/http/security-headers.ts',
    import.meta.url,
  );
  /** @type {Record<string, string[]>} */
  const directives = contentSecurityPolicy(new URL('http://localhost')).directives;
  const expected = Object.entries(directives)
    .map(([name, values]) => [
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      ...values,
    ])
    .map((words) => words.join(' '))
    .join(';');
  const file = 'deploy/nginx/security-headers.conf';
  if (!read(file).includes(`"${expected}$upgrade_insecure_requests"`)) {
    problems.push(`${file}: the Content-Security-Policy is not the API's:\n  ${expected}`);
  }
}

function checkNginx() {
  if (spawnSync('nginx', ['-v']).error) {
    const reason = 'nginx is not installed, so its configuration was not tried';
    if (process.env['MODEX_REQUIRE_ALL'] === '1') problems.push(reason);
    else console.log(`Skipped: ${reason}.`);
    return;
  }
  const prefix = fs.mkdtempSync(join(tmpdir(), 'modex-nginx-'));
  const folder = join(prefix, 'nginx');
  fs.mkdirSync(join(prefix, 'run'));
  fs.cpSync(join(ROOT, 'deploy', 'nginx'), folder, { recursive: true });
  // Docker's names and addresses mean nothing here.
  fs.writeFileSync(join(folder, 'upstream.conf'), 'server 127.0.0.1:3000;\n');
  fs.writeFileSync(join(folder, 'listen.conf'), 'listen 127.0.0.1:8080;\n');
  // nginx opens /dev/stdout by name, which the sockets that Node makes as pipes do not allow.
  const output = join(prefix, 'output');
  const descriptor = fs.openSync(output, 'w');
  const args = ['-t', '-e', 'stderr', '-p', `${prefix}/`, '-c', 'nginx/nginx.conf'];
  const { status } = spawnSync('nginx', args, { stdio: ['ignore', descriptor, descriptor] });
  fs.closeSync(descriptor);
  if (status !== 0) problems.push(fs.readFileSync(output, 'utf8').trim());
  fs.rmSync(prefix, { recursive: true });
}
