import { readFileSync } from 'node:fs';
import { errorCode, StartError } from './start-error.mjs';

/**
 * What the launcher reads itself, or sets for API and worker, which take no variable twice; every
 * other file is theirs to read.
 */
const NAMES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_MIGRATION_URL',
  'DATABASE_REPLICA_URLS',
  'JWT_SECRET',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'METRICS_PORT',
  'WORKER_PORT',
  'MAIL_DIR',
  'MODEX_DATA_DIR',
  'NODE_ENV',
  'SPA_DIR',
];

/**
 * The environment with the variables of the launcher that stand in files (`NAME_FILE`) put in their
 * place, as API and worker read theirs.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withVariablesInFiles(env) {
  const read = { ...env };
  for (const name of NAMES) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    if (env[name]) throw new StartError(`${name} and ${name}_FILE are both given`);
    read[name] = contentOf(file, name);
    delete read[`${name}_FILE`];
  }
  return read;
}

/**
 * @param {string} file
 * @param {string} name of the variable
 */
function contentOf(file, name) {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new StartError(`${name}_FILE names a file that cannot be read (${errorCode(error)})`);
  }
}
