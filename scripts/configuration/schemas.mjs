/**
 * The classes that read variables, and who uses each.
 *
 * @type {{ file: string, readers: string, note: string }[]}
 */
export const SCHEMAS = [
  {
    file: 'libs/platform/src/config/process-config.ts',
    readers: 'API and worker',
    note: 'The commands read them too.',
  },
  { file: 'apps/api/src/config/api-config.ts', readers: 'API', note: '' },
  { file: 'apps/worker/src/config/worker-config.ts', readers: 'Worker', note: '' },
  {
    file: 'libs/platform/src/config/migration-config.ts',
    readers: 'Commands that change the schema',
    note: '`npm run db:migrate`, `db:revert`, `db:distribute`.',
  },
  {
    file: 'apps/api/src/config/admin-config.ts',
    readers: 'The command that makes an organiser',
    note: '`npm run admin:create`.',
  },
];
