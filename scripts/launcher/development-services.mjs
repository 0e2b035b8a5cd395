import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { keepRunning } from './keep-running.mjs';
import { freePort } from './ports.mjs';
import { apiAndWorker } from './production-services.mjs';
import { Rebuilds } from './rebuilds.mjs';
import { Service } from './service.mjs';
import { httpUrl } from './settings.mjs';

/**
 * The API and the worker, started again whenever the compiler has written new code, and Vite's
 * server in front of them, which hands on to the API what is not the page's.
 *
 * @param {import('./production-services.mjs').ServicesOptions} options
 * @returns {Promise<import('./production-services.mjs').Services>}
 */
export async function developmentServices(options) {
  const { settings, onSpawn } = options;
  const { root } = settings;
  const logs = join(settings.dataDir, 'logs');
  const api = { HOST: '127.0.0.1', PORT: String(await freePort()) };
  const environment = {
    ...options.environment,
    ...api,
    NODE_ENV: 'development',
    // The page comes from Vite and may never have been built.
    SPA_DIR: undefined,
  };
  const programs = apiAndWorker({ ...options, environment });

  const require = createRequire(join(root, 'frontend', 'package.json'));
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  const address = ['--host', settings.host, '--port', String(settings.port), '--strictPort'];
  const page = new Service({
    name: 'page',
    args: [vite, ...address, '--clearScreen', 'false'],
    cwd: join(root, 'frontend'),
    env: { ...environment, MODEX_API_URL: httpUrl(api.HOST, Number(api.PORT)) },
    logPath: join(logs, 'page.log'),
    readyUrl: settings.url,
    onSpawn,
  });

  const rebuilds = new Rebuilds(root, programs);
  const compiler = new Service({
    name: 'compiler',
    args: [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-b',
      '--watch',
      '--preserveWatchOutput',
    ],
    cwd: root,
    env: environment,
    logPath: join(logs, 'compiler.log'),
    onSpawn,
    onLine: (line) => rebuilds.onCompilerLine(line),
  });
  return {
    all: [...programs, page, compiler],
    watch: (over) => {
      rebuilds.watch(over);
      return Promise.all([keepRunning(page, over), keepRunning(compiler, over)]);
    },
  };
}
