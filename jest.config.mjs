// Browser journeys, long runs and runs against a whole cluster have file names of their own, so that
// `npm test` stays short. Specs beside the sources (`unit`) need no database.
/** @type {Record<string, string>} */
const PATTERNS = {
  all: '**/*.spec.ts',
  unit: '**/src/**/*.spec.ts',
  browser: '**/*.browser-spec.ts',
  long: '**/*.long-spec.ts',
  cluster: '**/*.cluster-spec.ts',
};
const kind = process.env.MODEX_TEST_KIND ?? 'all';

/** @type {import('jest').Config} */
export default {
  testMatch: [PATTERNS[kind] ?? ''],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  // A cluster brings its own database.
  ...(['unit', 'cluster'].includes(kind) ? {} : { globalSetup: './test/global-setup.mjs' }),
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    // Specs run the sources of the workspace; the processes they start run what was built.
    '^@modex/(domain|platform)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, tsx: false },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testTimeout: 30_000,
  // Long runs measure, and a cluster is one for all of its tests.
  maxWorkers: ['long', 'cluster'].includes(kind) ? 1 : 2,
};
