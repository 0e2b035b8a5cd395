import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/**
 * @typedef {object} ClusterNode of Citus, as the coordinator knows it
 * @property {string} host
 * @property {number} port
 * @property {boolean} isCoordinator
 * @property {boolean} takesShards
 */

/** How the set-up tells the tests, which have to know it when they are defined. */
const VARIABLE = 'MODEX_TEST_CITUS_NODES';
/** Few: every test's database has its own, and every list asks each. */
const SHARDS = '4';

const DUPLICATE_DATABASE = '42P04';
const OBJECT_IN_USE = '55006';
const DROP_ATTEMPTS = 40;
const DROP_PAUSE_MS = 250;

/**
 * Looks whether the tests were given a database of a Citus cluster; then theirs are made on the same
 * nodes, and distributed.
 *
 * @param {string} url
 */
export async function findCluster(url) {
  await on(new URL(url), async (query) => {
    const [citus] = await query("SELECT FROM pg_extension WHERE extname = 'citus'");
    if (!citus) return;
    const nodes = await query(
      `SELECT nodename AS host, nodeport AS port, groupid = 0 AS "isCoordinator",
              shouldhaveshards AS "takesShards"
       FROM pg_dist_node WHERE noderole = 'primary' AND isactive ORDER BY groupid`,
    );
    process.env[VARIABLE] = JSON.stringify(nodes);
  });
}

/** @returns {boolean} whether the tests' databases are distributed */
export function isDistributed() {
  return process.env[VARIABLE] !== undefined;
}

/** @returns {ClusterNode[]} */
function clusterNodes() {
  return JSON.parse(process.env[VARIABLE] ?? '[]');
}

/**
 * Makes a database on every node, joins them, brings the migrated tables to their places with the
 * programs that operators use, and closes it, so that it can be copied. The nodes have to be reachable
 * from here under the names that the coordinator has for them, with the URL's user and password.
 *
 * @param {URL} server names the database that the tests were given, on the coordinator
 * @param {string} name of the new database
 */
export async function createDistributed(server, name) {
  await dropDistributed(server, name);
  await everywhere(server, async (url) => {
    await create(url, name);
    await on(at(url, name), (query) => query('CREATE EXTENSION citus'));
  });
  const coordinator = at(server, name);
  await on(coordinator, async (query) => {
    for (const { host, port, isCoordinator, takesShards } of clusterNodes()) {
      const add = isCoordinator ? 'citus_set_coordinator_host' : 'citus_add_node';
      await query(`SELECT ${add}($1, $2)`, [host, port]);
      await query(`SELECT citus_set_node_property($1, $2, 'shouldhaveshards', $3)`, [
        host,
        port,
        takesShards,
      ]);
    }
  });
  for (const [command, ...args] of [['migrate'], ['distribute', '--shards', SHARDS]]) {
    execFileSync(process.execPath, [`apps/api/dist/commands/${command}.js`, ...args], {
      env: { ...process.env, DATABASE_URL: coordinator.href },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  // Citus itself stays connected to every database that it has been used in.
  await everywhere(server, (url) =>
    on(url, async (query) => {
      await query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
        name,
      ]);
    }),
  );
}

/**
 * Copies a closed database node by node, with what each node knows of the others.
 *
 * @param {URL} server
 * @param {string} name
 * @param {string} template
 */
export async function copyDistributed(server, name, template) {
  await everywhere(server, (url) => create(url, name, `TEMPLATE ${template}`));
}

/**
 * @param {URL} server
 * @param {string} name
 */
export async function dropDistributed(server, name) {
  await everywhere(server, async (url) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await on(url, (query) => query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
        return;
      } catch (error) {
        // What a transaction over several nodes has prepared is in the way until Citus ends it.
        if (codeOf(error) !== OBJECT_IN_USE || attempt === DROP_ATTEMPTS) throw error;
        await sleep(DROP_PAUSE_MS);
      }
    }
  });
}

/**
 * @param {URL} url
 * @param {string} name
 * @param {string} [options]
 */
async function create(url, name, options = '') {
  await on(url, (query) => query(`CREATE DATABASE ${name} ${options}`)).catch((error) => {
    // A coordinator may be set to make it on the others by itself.
    if (codeOf(error) !== DUPLICATE_DATABASE) throw error;
  });
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {{ code?: string }} */ (error).code;
}

/**
 * @param {URL} server
 * @param {(url: URL) => Promise<void>} work
 */
async function everywhere(server, work) {
  await Promise.all(
    clusterNodes().map(({ host, port, isCoordinator }) => {
      const url = new URL(server);
      if (!isCoordinator) url.host = `${host}:${port}`;
      return work(url);
    }),
  );
}

/**
 * @param {URL} server
 * @param {string} database
 */
function at(server, database) {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url;
}

/**
 * @template Result
 * @param {URL} url
 * @param {(query: (sql: string, parameters?: unknown[]) => Promise<unknown[]>) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function on(url, work) {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(async (sql, parameters) => (await client.query(sql, parameters)).rows);
  } finally {
    await client.end();
  }
}
