import * as fs from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { PROFILES } from './profiles.mjs';

const FILES = ['docker-compose.yml', 'docker-compose.tls.yml'];
/** Its other rules are matters of taste. The schema is the compose specification's own. */
const RULES =
  /^(invalid-|no-duplicate-|no-version-field|no-quotes-in-volumes|require-quotes-in-ports)/;

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {unknown} [build]
 * @property {string[]} [profiles]
 * @property {Record<string, string | null>} [environment]
 * @property {string[]} [volumes]
 * @property {Record<string, { required?: boolean }>} [depends_on]
 * @property {{ options?: Record<string, string> }} [logging]
 *
 * @typedef {Record<string, Service>} Services
 */

/**
 * @param {string} root
 * @returns {string[]} what is wrong with the composition
 */
export function composeProblems(root) {
  const problems = schemaProblems(root);
  for (const file of FILES) {
    /** @type {{ services: Services }} */
    const { services } = parse(fs.readFileSync(join(root, file), 'utf8'), {
      merge: true,
      logLevel: 'error',
    });
    const found = Object.entries(services).flatMap(([name, service]) => [
      ...mountProblems(root, service).map((problem) => `${name}: ${problem}`),
      ...imageProblems(services, service).map((problem) => `${name}: ${problem}`),
      ...dependencyProblems(services, service).map((problem) => `${name}: ${problem}`),
    ]);
    problems.push(...found.map((problem) => `${file}: ${problem}`));
    if (file === FILES[0]) problems.push(...profileProblems(services), ...logProblems(services));
  }
  return problems;
}

/** @param {string} root */
function schemaProblems(root) {
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  const paths = FILES.map((file) => join(root, file));
  /** @type {{ filePath: string, messages: { rule: string, line: number, message: string }[] }[]} */
  const results = linter.lintFiles(paths, false);
  return results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ rule }) => RULES.test(rule))
      .map(({ line, message }) => `${filePath}:${line}: ${message}`),
  );
}

/**
 * @param {string} root
 * @param {Service} service
 */
function mountProblems(root, { volumes = [] }) {
  return volumes
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => source.startsWith('./') && !fs.existsSync(join(root, source)))
    .map((source) => `there is no ${source} to mount`);
}

/**
 * @param {Services} services
 * @param {Service} service
 */
function imageProblems(services, { image, build }) {
  const isOurs =
    build || Object.values(services).some((other) => other.build && other.image === image);
  if (!image || isOurs || /:[\w.-]*\d[\w.-]*$/.test(image)) return [];
  return [`the image ${image} has no version`];
}

/**
 * @param {Services} services
 * @param {Service} service
 */
function dependencyProblems(services, { depends_on = {}, profiles = [] }) {
  return Object.entries(depends_on).flatMap(([name, { required = true }]) => {
    const other = services[name];
    if (!other) return [`there is no service ${name}`];
    const isAlwaysThere = !other.profiles || other.profiles.some((each) => profiles.includes(each));
    if (required && !isAlwaysThere) return [`${name} is not there without its profile`];
    return [];
  });
}

/**
 * Docker keeps a container's log without end unless it is told how much.
 *
 * @param {Services} services
 */
function logProblems(services) {
  return Object.entries(services)
    .filter(([, { logging }]) => !logging?.options?.['max-size'] || !logging.options['max-file'])
    .map(([name]) => `docker-compose.yml: ${name}: nothing limits its log`);
}

/**
 * What `npm run env:make` writes has to mean something to the composition.
 *
 * @param {Services} services
 */
function profileProblems(services) {
  const problems = [];
  const all = Object.values(services);
  const used = new Set(all.flatMap(({ profiles = [] }) => profiles));
  for (const name of used) if (!PROFILES[name]) problems.push(`profiles.mjs lacks ${name}`);
  const variables = new Set(
    [services['api'], services['worker'], services['migrate']].flatMap((each) =>
      Object.keys(each?.environment ?? {}),
    ),
  );
  for (const [profile, settings] of Object.entries(PROFILES)) {
    if (!used.has(profile)) problems.push(`docker-compose.yml has no profile ${profile}`);
    for (const [name, value] of Object.entries(settings.variables)) {
      if (!variables.has(name)) problems.push(`docker-compose.yml hands ${name} on to nobody`);
      const host = /^\w+:\/\/(?:.*@)?([\w-]+):\d+/.exec(value)?.[1];
      const service = host === undefined ? undefined : services[host];
      if (host !== undefined && !service)
        problems.push(`${name} of ${profile}: no service ${host}`);
      if (service?.profiles && !service.profiles.includes(profile)) {
        problems.push(`${name} of ${profile}: ${host} is of another profile`);
      }
    }
  }
  return problems;
}
