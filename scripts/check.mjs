// `npm run check`: everything that can be said about the code without running it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TYPED = [
  'libs/platform',
  'libs/domain',
  'apps/api',
  'apps/worker',
  'frontend',
  'frontend/test',
  'scripts',
];

/** @type {[title: string, command: string, ...args: string[]][]} */
const CHECKS = [
  ['The code compiles', 'tsc', '-b'],
  ['Nest builds the API', 'nest', 'build', 'api'],
  ['Nest builds the worker', 'nest', 'build', 'worker'],
  ...[...TYPED, 'test'].map(
    (folder) =>
      /** @type {[string, string, ...string[]]} */ ([`Types of ${folder}`, 'tsc', '-p', folder]),
  ),
  ['Lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['Format', 'prettier', '--check', '--log-level', 'warn', '.'],
  [
    'Arrows and import cycles',
    'depcruise',
    '--config',
    '.dependency-cruiser.mjs',
    ...['apps', 'libs', 'frontend/src', 'scripts', 'test', 'ormconfig.ts'],
  ],
  ['Lockfile', 'node', 'scripts/check-lockfile.mjs'],
  ['OpenAPI document and types', 'node', 'scripts/openapi.mjs', '--check'],
  ['Configuration document', 'node', 'scripts/configuration.mjs', '--check'],
  ['Retired words', 'node', 'scripts/check-words.mjs'],
  ['Containers', 'node', 'scripts/check-containers.mjs'],
  ['Documentation', 'node', 'scripts/check-docs.mjs'],
];

const PATH = `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`;
const failed = CHECKS.filter(([title, command, ...args]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, PATH },
    encoding: 'utf8',
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
  if (status !== 0) console.error(`${stdout ?? ''}${stderr ?? ''}`.trimEnd());
  return status !== 0;
});

if (failed.length > 0) {
  console.error(`\n${failed.length} of ${CHECKS.length} checks failed.`);
  process.exitCode = 1;
}
