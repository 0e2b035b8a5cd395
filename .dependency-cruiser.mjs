/**
 * The arrows of ARCHITECTURE.md. A name in a rule is what its failure shows.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-import-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'libs-know-no-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|frontend|scripts)/' },
    },
    {
      name: 'domain-and-platform-know-nothing-of-each-other',
      severity: 'error',
      from: { path: '^libs/(domain|platform)/' },
      to: { path: '^libs/(domain|platform)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'domain-knows-no-border',
      comment: 'No HTTP, sockets, scheduler or Swagger in the domain.',
      severity: 'error',
      from: { path: '^libs/domain/src/' },
      to: {
        path: 'node_modules/(@nestjs/(platform-|websockets|swagger|schedule|jwt|passport|throttler)|fastify|@fastify|socket\\.io|class-validator|express)',
      },
    },
    {
      name: 'shows-know-nothing-of-bookings',
      severity: 'error',
      from: { path: '^libs/domain/src/shows/' },
      to: { path: '^libs/domain/src/bookings/' },
    },
    {
      name: 'ledger-knows-no-command',
      comment:
        'It uses the entities of bookings and shows and their rules; commands use the ledger.',
      severity: 'error',
      from: { path: '^libs/domain/src/ledger/' },
      to: {
        path: '^libs/domain/src/[^/]+/(commands/|[^/]+\\.(service|reader)\\.ts$|hold-expiry\\.ts$)',
      },
    },
    {
      name: 'group-commit-knows-no-booking',
      severity: 'error',
      from: { path: '^libs/domain/src/ledger/(group-commit|lane-queue)\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/domain/src/ledger/(group-commit|lane-queue)\\.ts$' },
    },
    {
      name: 'apps-know-no-other-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'modules-of-an-app-know-no-sibling',
      comment:
        'Shared things of the border are in http/ and config/; modules are composed by *.module.ts at the top.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/([^/]+)/', pathNot: '/src/(http|config|commands|bench)/' },
      to: {
        path: '^apps/[^/]+/src/[^/]+/',
        pathNot: ['^apps/$1/src/$2/', '^apps/[^/]+/src/(http|config)/'],
      },
    },
    {
      name: 'http-and-config-know-no-module',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/(http|config)/' },
      to: { path: '^apps/[^/]+/src/', pathNot: '^apps/[^/]+/src/(http|config)/' },
    },
    {
      name: 'frontend-knows-nothing-of-the-backend',
      severity: 'error',
      from: { path: '^frontend/' },
      to: { path: '^(apps|libs|scripts)/|node_modules/(@modex|@nestjs|typeorm|pg)/' },
    },
    {
      name: 'features-know-no-other-feature',
      severity: 'error',
      from: { path: '^frontend/src/features/([^/]+)/' },
      to: { path: '^frontend/src/features/', pathNot: '^frontend/src/features/$1/' },
    },
    {
      name: 'frontend-arrows-point-down',
      comment: 'app → features → components → lib.',
      severity: 'error',
      from: { path: '^frontend/src/(features|components|lib)/' },
      to: { path: '^frontend/src/app/' },
    },
    {
      name: 'frontend-shared-knows-no-feature',
      severity: 'error',
      from: { path: '^frontend/src/(components|lib)/' },
      to: { path: '^frontend/src/features/' },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^(apps|libs|frontend)/.*src/', pathNot: '\\.(spec|long-spec)\\.tsx?$' },
      to: { path: '^test/|/test/|\\.spec\\.tsx?$' },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      from: { path: '^(apps|libs|frontend/src)', pathNot: '\\.spec\\.tsx?$|/test/' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['npm'],
      },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.depcruise.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css', '.svg'],
    },
  },
};
