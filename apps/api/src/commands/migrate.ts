import { setRoleTimeouts } from '@modex/domain';
import { runCommand } from './command.js';

runCommand(
  async (dataSource) => {
    const done = await dataSource.runMigrations();
    await setRoleTimeouts(dataSource);
    const names = done.map(({ name }) => name).join(', ');
    process.stdout.write(names ? `Migrated: ${names}\n` : 'The database is up to date.\n');
  },
  { needsMigrations: false },
);
