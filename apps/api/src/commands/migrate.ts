import { ensureSearchIndex, prepareApplicationRoles, setRoleTimeouts } from '@modex/domain';
import { runCommand } from './command.js';

const NOT_INDEXED =
  'Searches have no index, since this role cannot create the extension pg_trgm: they read all shows. ' +
  'Run "CREATE EXTENSION pg_trgm" as the owner of the database, and then this command again.\n';

runCommand(
  async (dataSource, config) => {
    const done = await dataSource.runMigrations();
    await setRoleTimeouts(dataSource);
    const isIndexed = await ensureSearchIndex(dataSource.manager);
    await prepareApplicationRoles(dataSource, config.applicationUrls);
    const names = done.map(({ name }) => name).join(', ');
    process.stdout.write(names ? `Migrated: ${names}\n` : 'The database is up to date.\n');
    if (!isIndexed) process.stderr.write(NOT_INDEXED);
  },
  { needsMigrations: false, asOwner: true },
);
