import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseNotReadyError } from './database-not-ready.js';
import { ANCHOR, DISTRIBUTION, LOCAL_INDEXES, type TablePlace } from './distribution.js';

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/**
 * Brings every table that is not there yet to its place in the distributed layout, filled or empty,
 * in one transaction; nobody can write meanwhile. Resolves to the names of the tables that were moved.
 * @param shards of each distributed table, if none is distributed yet
 * @throws DatabaseNotReadyError if this is no coordinator of a Citus cluster, or if a table lies elsewhere
 */
export async function distribute(dataSource: DataSource, shards: number): Promise<string[]> {
  return dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await takeAnyTime(manager);
    const missing = await misplacedTables(manager);
    if (missing.length === 0) return [];
    // What lies on every node first, then the anchor: others are put beside it.
    const tables = Object.keys(DISTRIBUTION)
      .filter((table) => missing.includes(table))
      .toSorted((a, b) => rank(a) - rank(b));
    // A key between tables of which one is distributed already is not allowed, hence one by one.
    const keys = await foreignKeys(manager, tables);
    for (const { table, name } of keys) {
      await manager.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    }
    for (const index of LOCAL_INDEXES) await manager.query(`DROP INDEX IF EXISTS ${index}`);
    for (const table of tables) await place(manager, table, DISTRIBUTION[table]!, shards);
    for (const { table, name, definition } of keys) {
      await manager.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    }
    return tables;
  });
}

/** @throws DatabaseNotReadyError if this is no coordinator of a Citus cluster that can take shards */
export async function assertCoordinator(dataSource: DataSource): Promise<void> {
  const [extension] = await dataSource.query<{ installed: boolean }[]>(
    `SELECT installed_version IS NOT NULL AS installed FROM pg_available_extensions
     WHERE name = 'citus'`,
  );
  if (!extension) {
    throw new DatabaseNotReadyError(
      'The server has no Citus: distributing needs the extension on every node.',
    );
  }
  if (!extension.installed) {
    throw new DatabaseNotReadyError(
      'This database is not part of a Citus cluster: run "CREATE EXTENSION citus" in it on every ' +
        'node, and add the worker nodes with "SELECT citus_add_node(…)" on the coordinator.',
    );
  }
  const [cluster] = await dataSource.query<{ isWorker: boolean; nodes: number }[]>(
    `SELECT (SELECT groupid <> 0 FROM pg_dist_local_group) AS "isWorker",
            (SELECT count(*)::int FROM pg_dist_node
             WHERE noderole = 'primary' AND isactive AND shouldhaveshards) AS nodes`,
  );
  if (cluster!.isWorker) {
    throw new DatabaseNotReadyError(
      'This is a worker node: DATABASE_DIRECT_URL (or DATABASE_URL) has to name the coordinator.',
    );
  }
  if (cluster!.nodes === 0) {
    throw new DatabaseNotReadyError(
      'The Citus cluster has no node that takes shards: add the worker nodes with ' +
        '"SELECT citus_add_node(…)" on the coordinator.',
    );
  }
}

/**
 * Tables that are not in their place in a distributed database.
 * @throws DatabaseNotReadyError if one is in another
 */
export function tablesToDistribute(dataSource: DataSource): Promise<string[]> {
  return misplacedTables(dataSource.manager);
}

/** Whether the shows of this database lie on the shards of a Citus cluster. */
export async function isDistributed(manager: EntityManager): Promise<boolean> {
  const [row] = await manager.query<{ is: boolean }[]>(
    `SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS is`,
  );
  return row!.is && (await placesOf(manager)).has(ANCHOR);
}

/**
 * Time-outs of the role hold on the nodes too, where a shard's share of the work runs; inside this
 * transaction they are what it says, on every node.
 */
async function takeAnyTime(manager: EntityManager): Promise<void> {
  await manager.query(`SET LOCAL citus.propagate_set_commands TO 'local'`);
  for (const name of ['statement_timeout', 'idle_in_transaction_session_timeout']) {
    await manager.query(`SET LOCAL ${name} TO 0`);
  }
}

async function misplacedTables(manager: EntityManager): Promise<string[]> {
  const places = await placesOf(manager);
  return Object.entries(DISTRIBUTION).flatMap(([table, wanted]) => {
    const found = places.get(table);
    if (found === undefined) return [table];
    if (describe(found) === describe(wanted)) return [];
    throw new DatabaseNotReadyError(
      `The table ${table} lies ${describe(found)}, and belongs ${describe(wanted)}: ` +
        `drop its foreign keys and take it back with "SELECT undistribute_table('${table}')".`,
    );
  });
}

/** Tables that lie somewhere, not those that only the coordinator has. */
async function placesOf(manager: EntityManager): Promise<Map<string, TablePlace>> {
  const rows = await manager.query<{ name: string; column: string | null }[]>(
    `SELECT c.relname AS name, column_to_column_name(p.logicalrelid, p.partkey) AS column
     FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
     WHERE c.relnamespace = 'public'::regnamespace
       AND (p.partmethod = 'h' OR (p.partmethod = 'n' AND p.repmodel = 't'))`,
  );
  return new Map(
    rows.map(({ name, column }) => [name, column === null ? 'every node' : { byShow: column }]),
  );
}

function describe(place: TablePlace): string {
  return place === 'every node' ? 'on every node' : `by its column ${place.byShow}`;
}

function rank(table: string): number {
  if (DISTRIBUTION[table] === 'every node') return 0;
  return table === ANCHOR ? 1 : 2;
}

async function foreignKeys(
  manager: EntityManager,
  tables: readonly string[],
): Promise<ForeignKey[]> {
  return manager.query<ForeignKey[]>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name,
            pg_get_constraintdef(oid) AS definition
     FROM pg_constraint
     WHERE contype = 'f' AND (conrelid = ANY($1::regclass[]) OR confrelid = ANY($1::regclass[]))
     ORDER BY 1, 2`,
    [tables],
  );
}

async function place(
  manager: EntityManager,
  table: string,
  where: TablePlace,
  shards: number,
): Promise<void> {
  if (where === 'every node') {
    await manager.query(`SELECT create_reference_table($1)`, [table]);
  } else if (table === ANCHOR) {
    await manager.query(
      `SELECT create_distributed_table($1, $2, shard_count => $3, colocate_with => 'none')`,
      [table, where.byShow, shards],
    );
  } else {
    await manager.query(`SELECT create_distributed_table($1, $2, colocate_with => '${ANCHOR}')`, [
      table,
      where.byShow,
    ]);
  }
  // The coordinator's own copy would lie there unseen.
  await manager.query(`SELECT truncate_local_data_after_distributing_table($1)`, [table]);
}
