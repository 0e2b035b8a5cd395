import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { jwtSecret } from './jwt-secret.mjs';
import { StartError } from './start-error.mjs';

/**
 * What the launcher itself needs to know; every other variable is the API's and the worker's to
 * read and to check.
 *
 * @typedef {object} Settings
 * @property {string} root the repository's folder
 * @property {string} dataDir
 * @property {string} host
 * @property {number} port
 * @property {string} url where the page is found from this machine
 * @property {number} [metricsPort]
 * @property {number} [workerPort]
 * @property {string} [databaseUrl] a PostgreSQL of the user's own instead of the embedded one
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @returns {Settings}
 */
export function readSettings(env, root) {
  /** @type {string[]} */
  const problems = [];
  /** @param {string} name */
  const port = (name) => {
    const text = env[name];
    if (!text) return undefined;
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= 65_535) return number;
    problems.push(`${name} must be a whole number from 1 to 65535`);
    return undefined;
  };
  const host = env['HOST'] || '127.0.0.1';
  if (/[\s/]|:\d+$/.test(host) && !isIP(host)) {
    problems.push('HOST must be an address such as 127.0.0.1, without a scheme or a port');
  }
  if (env['DATABASE_URL']) {
    if (!env['JWT_SECRET']) {
      problems.push(
        'JWT_SECRET is required with DATABASE_URL: it signs the access tokens (`openssl rand -base64 48` makes a good one)',
      );
    }
  } else {
    // Obeyed, they would lead migrations and demo data into a database that was not meant.
    for (const name of ['DATABASE_DIRECT_URL', 'DATABASE_MIGRATION_URL', 'DATABASE_REPLICA_URLS']) {
      if (env[name]) problems.push(`${name} means nothing without DATABASE_URL`);
    }
  }
  const settings = {
    root,
    dataDir: resolve(root, env['MODEX_DATA_DIR'] || '.modex'),
    host,
    port: port('PORT') ?? 3000,
    metricsPort: port('METRICS_PORT'),
    workerPort: port('WORKER_PORT'),
    databaseUrl: env['DATABASE_URL'] || undefined,
  };
  if (problems.length > 0) {
    throw new StartError(['Configuration error:', ...problems].join('\n  '));
  }
  return { ...settings, url: httpUrl(host, settings.port) };
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {string} the address to open for a server that listens there
 */
export function httpUrl(host, port) {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
}

/**
 * The environment of the API and the worker: the user's own with all that the launcher decides.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {Settings} settings
 * @param {string} databaseUrl
 */
export function serviceEnvironment(env, settings, databaseUrl) {
  return {
    ...env,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    // The owner's, which no process needs that serves people.
    DATABASE_MIGRATION_URL: undefined,
    JWT_SECRET: env['JWT_SECRET'] || jwtSecret(settings.dataDir),
    HOST: settings.host,
    PORT: String(settings.port),
    PUBLIC_URL: env['PUBLIC_URL'] || settings.url,
    // Any free one: it is the process itself that takes it, so that nobody comes in between.
    METRICS_PORT: String(settings.metricsPort ?? 0),
    WORKER_PORT: String(settings.workerPort ?? 0),
    SPA_DIR: join(settings.root, 'frontend', 'dist'),
    MODEX_DATA_DIR: settings.dataDir,
    // Where mail goes while there is no mail server.
    MAIL_DIR: env['MAIL_DIR'] || join(settings.dataDir, 'mail'),
    ...(settings.databaseUrl ? {} : { MODEX_DEMO: '1' }),
  };
}
