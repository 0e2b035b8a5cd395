// Long runs and those against a whole cluster have names of their own, so that `npm test` stays short.
const kind = process.env.MODEX_TEST_KIND;
const isCluster = kind === 'cluster';

/** @type {import('jest').Config} */
export default {
  testMatch: [kind ? `**/*.${kind}-spec.ts` : '**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  // A cluster brings its own database.
  ...(isCluster ? {} : { globalSetup: './test/global-setup.mjs' }),
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
  // What one does to the cluster, the next is not to feel; and long runs measure.
  maxWorkers: kind ? 1 : 2,
};
