import { parseArgs } from 'node:util';
import {
  assertCoordinator,
  assertMigrated,
  distribute,
  prepareApplicationRoles,
  setRoleTimeouts,
} from '@modex/domain';
import { StartError } from '@modex/platform';
import { runCommand } from './command.js';

const USAGE =
  'Usage: npm run db:distribute -- [--shards NUMBER]\n' +
  'NUMBER (1 to 256, default 8) of each distributed table, at least one for each worker node that ' +
  'there will ever be.';
const DEFAULT_SHARDS = 8;
const MOST_SHARDS = 256;

runCommand(
  async (dataSource, config) => {
    const shards = readShards();
    await assertCoordinator(dataSource);
    await assertMigrated(dataSource);
    const tables = await distribute(dataSource, shards);
    // Nodes that were added after the migration do not have them.
    await setRoleTimeouts(dataSource);
    await prepareApplicationRoles(dataSource, config.applicationUrls);
    process.stdout.write(
      tables.length === 0
        ? 'The database is distributed already.\n'
        : `Distributed: ${tables.join(', ')}\n`,
    );
  },
  { needsMigrations: false, asOwner: true },
);

function readShards(): number {
  try {
    const { values } = parseArgs({ options: { shards: { type: 'string' } } });
    const shards = Number(values.shards ?? DEFAULT_SHARDS);
    if (Number.isInteger(shards) && shards >= 1 && shards <= MOST_SHARDS) return shards;
  } catch {
    // An unknown option: the usage follows.
  }
  throw new StartError(USAGE);
}
