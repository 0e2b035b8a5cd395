/** What a release relies on in a database: what there is, by name, and what an INSERT must bring. */
export interface SchemaSnapshot {
  /** By `table.column`. */
  columns: Map<string, Column>;
  /** Checks, keys and unique indexes by name, each with its table and columns. */
  rules: Map<string, Rule>;
  /** Values of enum types as `type.value`. */
  values: Set<string>;
}

interface Column {
  table: string;
  type: string;
  /** May be left out of an INSERT. */
  isOptional: boolean;
  isNullable: boolean;
}

interface Rule {
  table: string;
  columns: string[];
  /** Says of the columns together that they are unique, and nothing more. */
  isUnique: boolean;
}

type Query = <Row>(sql: string) => Promise<Row[]>;

const COLUMNS = `
  SELECT c.relname AS table, c.relname || '.' || a.attname AS name,
         format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS "isNullable",
         NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '' AS "isOptional"
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'migrations'`;
const RULES = `
  SELECT conname AS name, conrelid::regclass::text AS table, array(
           SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)
         ) AS columns, false AS "isUnique"
  FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype IN ('c', 'f', 'u', 'p', 'x')
  UNION ALL
  SELECT indexrelid::regclass::text, indrelid::regclass::text, array(
           SELECT attname::text FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY(indkey)
         ), indpred IS NULL AND indexprs IS NULL
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
  WHERE indisunique AND relnamespace = 'public'::regnamespace`;
const VALUES = `
  SELECT typname || '.' || enumlabel AS value
  FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid`;

export async function readSchema(query: Query): Promise<SchemaSnapshot> {
  const columns = await query<Column & { name: string }>(COLUMNS);
  const rules = await query<Rule & { name: string }>(RULES);
  const values = await query<{ value: string }>(VALUES);
  return {
    columns: new Map(columns.map(({ name, ...column }) => [name, column])),
    rules: new Map(rules.map(({ name, ...rule }) => [name, rule])),
    values: new Set(values.map(({ value }) => value)),
  };
}

/** Why a release that was made for the schema of before may fail on the one of after. */
export function breaches(before: SchemaSnapshot, after: SchemaSnapshot): string[] {
  const tables = new Set([...before.columns.values()].map(({ table }) => table));
  const found: string[] = [];
  for (const [name, was] of before.columns) {
    const is = after.columns.get(name);
    if (!is) found.push(`${name} is gone`);
    else if (is.type !== was.type) found.push(`${name} was ${was.type} and is ${is.type}`);
    else if (was.isNullable && !is.isNullable) found.push(`${name} was nullable`);
    else if (was.isOptional && !is.isOptional) found.push(`${name} had a default`);
  }
  for (const value of before.values) {
    if (!after.values.has(value)) found.push(`${value} is gone`);
  }
  for (const [name, { table, isOptional }] of after.columns) {
    const isNew = !before.columns.has(name) && tables.has(table);
    if (isNew && !isOptional) found.push(`${name} is new and has no default`);
  }
  for (const [name, rule] of after.rules) {
    const { table, columns } = rule;
    if (before.rules.has(name) || !tables.has(table) || isKept(rule, before)) continue;
    const old = columns.filter((column) => before.columns.has(`${table}.${column}`));
    // What is in new columns only, their defaults have to satisfy.
    if (old.length > 0) found.push(`${name} is a new rule for ${table}.${old.join(', ')}`);
  }
  return found;
}

/** Whether it was there under another name, or with its columns in another order. */
function isKept({ table, columns, isUnique }: Rule, before: SchemaSnapshot): boolean {
  const names = columns.toSorted().join();
  return [...before.rules.values()].some(
    (rule) =>
      isUnique && rule.isUnique && rule.table === table && rule.columns.toSorted().join() === names,
  );
}
