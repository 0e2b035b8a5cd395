import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { APPLICATION } from './application-role.mjs';
import { createDistributed, findCluster, isDistributed } from './citus-cluster.mjs';

/** Every test database is a copy of this one. */
const TEMPLATE = 'modex_template';

/** Makes a migrated database for the tests to copy, which is much quicker than migrating each. */
export default async function setUp() {
  const server = process.env.MODEX_TEST_DATABASE_URL;
  if (!server) throw new Error('Run the tests with "npm test": it starts the database they need.');
  await findCluster(server);
  if (isDistributed()) return createDistributed(new URL(server), TEMPLATE);
  const template = new URL(server);
  template.pathname = `/${TEMPLATE}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  execFileSync(process.execPath, ['apps/api/dist/commands/migrate.js'], {
    env: {
      ...process.env,
      DATABASE_MIGRATION_URL: template.href,
      DATABASE_URL: Object.assign(new URL(template), APPLICATION).href,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
