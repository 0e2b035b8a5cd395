import { DISTRIBUTION, LOCAL_INDEXES, type TablePlace } from '../../src/database/distribution.js';

type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

interface Key {
  name: string;
  table: string;
  columns: string[];
}

interface ForeignKey extends Key {
  target: string;
  targetColumns: string[];
  onUpdate: string;
  onDelete: string;
}

/** What Citus allows in neither: `a` is NO ACTION, `r` RESTRICT, `c` CASCADE. */
const ALLOWED = { onUpdate: ['a', 'r'], onDelete: ['a', 'r', 'c'] };

/** What of a migrated database could not be distributed as the layout says. */
export async function judgeCatalogue(query: Query): Promise<string[]> {
  const [tables, keys, foreignKeys, triggers] = await Promise.all([
    readTables(query),
    readKeys(query),
    readForeignKeys(query),
    readTriggers(query),
  ]);
  return [
    ...tables
      .filter((table) => !(table in DISTRIBUTION))
      .map((table) => `${table} has no place in the layout`),
    ...Object.keys(DISTRIBUTION)
      .filter((table) => !tables.includes(table))
      .map((table) => `${table} has a place in the layout and is not there`),
    ...keys.filter(lacksShow).map(({ name, table }) => `${name} of ${table} lacks the show's id`),
    ...foreignKeys.flatMap(judgeForeignKey),
    ...triggers.map((name) => `${name} is a trigger`),
  ];
}

function lacksShow({ name, table, columns }: Key): boolean {
  if (LOCAL_INDEXES.includes(name)) return false;
  const column = showColumn(DISTRIBUTION[table]);
  return column !== null && !columns.includes(column);
}

function judgeForeignKey(key: ForeignKey): string[] {
  const from = showColumn(DISTRIBUTION[key.table]);
  const to = showColumn(DISTRIBUTION[key.target]);
  const complaints: string[] = [];
  if (from === null && to !== null) {
    complaints.push(`${key.name} leads from every node to one by show`);
  }
  if (from !== null && to !== null && key.targetColumns[key.columns.indexOf(from)] !== to) {
    complaints.push(`${key.name} leads to another show`);
  }
  if (from !== null && key.columns.includes(from)) {
    if (!ALLOWED.onUpdate.includes(key.onUpdate)) complaints.push(`${key.name} changes on update`);
    if (!ALLOWED.onDelete.includes(key.onDelete)) complaints.push(`${key.name} is unset on delete`);
  }
  return complaints;
}

/** The column that a distributed table is distributed by; null for the others. */
function showColumn(place: TablePlace | undefined): string | null {
  return place === undefined || place === 'every node' ? null : place.byShow;
}

async function readTables(query: Query): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** What may not be twice: unique and primary keys, and exclusions. */
function readKeys(query: Query): Promise<Key[]> {
  return query<Key>(
    `SELECT i.indexrelid::regclass::text AS name, c.relname AS table,
            array(SELECT attname::text FROM pg_attribute
                  WHERE attrelid = c.oid AND attnum = ANY(i.indkey)) AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE (i.indisunique OR i.indisexclusion) AND c.relnamespace = 'public'::regnamespace
     ORDER BY 1`,
  );
}

function readForeignKeys(query: Query): Promise<ForeignKey[]> {
  const columns = (relation: string, key: string) =>
    `array(SELECT attname::text FROM unnest(c.${key}) WITH ORDINALITY AS part (number, place)
           JOIN pg_attribute ON attrelid = c.${relation} AND attnum = part.number
           ORDER BY part.place)`;
  return query<ForeignKey>(
    `SELECT c.conname AS name, c.conrelid::regclass::text AS table,
            c.confrelid::regclass::text AS target, ${columns('conrelid', 'conkey')} AS columns,
            ${columns('confrelid', 'confkey')} AS "targetColumns",
            c.confupdtype AS "onUpdate", c.confdeltype AS "onDelete"
     FROM pg_constraint c
     WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace ORDER BY 1`,
  );
}

/** Of our own: Citus has some to keep people off what it shows of distant tables. */
async function readTriggers(query: Query): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT tgname AS name FROM pg_trigger
     WHERE NOT tgisinternal AND NOT EXISTS (
       SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = tgfoid
         AND deptype = 'e')`,
  );
  return rows.map(({ name }) => name);
}
