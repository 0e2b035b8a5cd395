// What can be said about the images and their set-up without a container engine. What is in the
// images is seen by scripts/test/images.long-spec.ts; the public workflow starts all of it.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { SCHEMAS } from './configuration/schemas.mjs';
import { composeProblems } from './containers/check-compose.mjs';
import { nginxProblems } from './containers/check-nginx.mjs';

const ROOT = join(import.meta.dirname, '..');
const DOCKERFILES = ['apps/api/Dockerfile', 'apps/worker/Dockerfile', 'frontend/Dockerfile'];
/** What the images of others, their configuration and the scripts in deploy/ read. */
const FOREIGN = /^(POSTGRES_|PG|PRIMARY_HOST$|RUNBOOK_URL$|REDISCLI_AUTH$|RABBITMQ_|MP_|GF_)/;
/** What compose itself reads or sets. */
const COMPOSE = new Set(['COMPOSE_PROFILES', 'COMPOSE_FILE', 'COMPOSE_PROJECT_NAME']);

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

const configured = new Set(
  SCHEMAS.flatMap(({ file }) => [...names(read(file), /^ {2}([A-Z_]+)\b/gm)]),
);
checkDockerfiles();
checkVariables();
await checkContentSecurityPolicy();
problems.push(...composeProblems(ROOT));
for (const script of shellScripts()) problems.push(...complaintsOf('sh', ['-n', script]));
await checkWith('nginx', 'its configuration was', () => nginxProblems(ROOT));
await checkWith('shellcheck', 'the scripts in deploy/ were', () =>
  complaintsOf('shellcheck', shellScripts()),
);
await checkWith('promtool', 'the configuration of Prometheus was', () => [
  ...complaintsOf('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml']),
  ...complaintsOf('promtool', ['test', 'rules', 'deploy/prometheus/alerts.test.yml']),
]);
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
  const compose = read('docker-compose.yml') + read('docker-compose.tls.yml');
  const set = [...names(compose, /^ +([A-Z_]+):/gm)].filter((name) => !FOREIGN.test(name));
  const asked = [...names(compose, /(?<!\$)\$\{([A-Z_]+)/g)].filter((name) => !COMPOSE.has(name));
  expectWithin(set, configured, (name) => `docker-compose.yml: nothing reads ${name}`);

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
  const all = new Set([...wanted, ...elsewhere, ...COMPOSE]);
  expectWithin(documented, all, (name) => `.env.example: nothing reads ${name}`);
}

/** Whoever serves the page, the browser gets the same rules. */
async function checkContentSecurityPolicy() {
  const { contentSecurityPolicy, securityHeadersOfPages } = await tsImport(
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
  /** @type {Record<string, string>} */
  const headers = securityHeadersOfPages(new URL('http://localhost'));
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'Content-Security-Policy') continue;
    const line = `add_header ${name} ${value} always;`;
    if (!read(file).includes(line)) problems.push(`${file} lacks: ${line}`);
  }
}

/**
 * Runs a check whose program not every machine has.
 *
 * @param {string} program
 * @param {string} what would not be tried
 * @param {() => string[] | Promise<string[]>} check
 */
async function checkWith(program, what, check) {
  if (!spawnSync(program, ['--version']).error) {
    problems.push(...(await check()));
    return;
  }
  const reason = `${program} is not installed, so ${what} not tried`;
  if (process.env['MODEX_REQUIRE_ALL'] === '1') problems.push(reason);
  else console.log(`Skipped: ${reason}.`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string[]} what it complains of
 */
function complaintsOf(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? [] : [`${command}: ${stdout}${stderr}`.trim()];
}

function shellScripts() {
  return fs
    .readdirSync(join(ROOT, 'deploy'), { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.sh'))
    .map((file) => join('deploy', file));
}
