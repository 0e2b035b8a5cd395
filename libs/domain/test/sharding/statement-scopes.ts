import type { A_Expr, ColumnRef, Node, RangeVar, SelectStmt } from 'libpg-query';
import { DISTRIBUTION } from '../../src/database/distribution.js';

/** A table in a FROM, or the one that is written. */
export interface ScopeTable {
  table: string;
  alias: string;
  /** Its column with the show's id; null if the table lies on every node. */
  column: string | null;
}

/** A SELECT, UPDATE or DELETE, or one inside another: its tables and what its conditions say of them. */
export interface Scope {
  outer: Scope | null;
  tables: ScopeTable[];
  /** Every name in its FROM, of functions and subqueries too. */
  names: Set<string>;
  /** What is joined by AND, the conditions of joins too. */
  conjuncts: Node[];
  /** The statement, without what is in the scopes inside it. */
  select: SelectStmt | null;
}

type Parsed = Record<string, unknown>;

/** The column of a condition's side, as far as it is the show's id of a table. */
export interface ShowColumn {
  scope: Scope;
  table: ScopeTable;
}

/** Every node of a parsed statement, from the top down. */
export function* walk(node: unknown): Generator<Node> {
  if (Array.isArray(node)) {
    for (const each of node) yield* walk(each);
  } else if (typeof node === 'object' && node !== null) {
    yield node as Node;
    for (const value of Object.values(node)) yield* walk(value);
  }
}

/** The scopes of a statement, the outermost first. */
export function scopesOf(statement: Node): Scope[] {
  const scopes: Scope[] = [];
  collect(statement, null, scopes);
  return scopes;
}

function collect(node: unknown, outer: Scope | null, scopes: Scope[]): void {
  if (Array.isArray(node)) {
    for (const each of node) collect(each, outer, scopes);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const scope = openScope(node as Parsed, outer);
  if (scope) scopes.push(scope);
  for (const value of Object.values(node)) collect(value, scope ?? outer, scopes);
}

/** SelectStmt and the like appear wrapped in their name, or bare where only they can be. */
function openScope(node: Parsed, outer: Scope | null): Scope | null {
  const isSelect = 'op' in node && 'limitOption' in node;
  const isChange = 'relation' in node && !('selectStmt' in node);
  if (!isSelect && !isChange) return null;
  const scope: Scope = {
    outer,
    tables: [],
    names: new Set(),
    conjuncts: conjunctsOf(node['whereClause'] as Node),
    select: isSelect ? node : null,
  };
  const sources = [node['fromClause'], node['usingClause']].flat() as (Node | undefined)[];
  if (isChange) addTable(scope, node['relation'] as RangeVar);
  for (const source of sources) if (source) addSource(scope, source);
  return scope;
}

function addSource(scope: Scope, source: Node): void {
  if ('RangeVar' in source) addTable(scope, source.RangeVar);
  else if ('JoinExpr' in source) {
    const { larg, rarg, quals } = source.JoinExpr;
    if (larg) addSource(scope, larg);
    if (rarg) addSource(scope, rarg);
    scope.conjuncts.push(...conjunctsOf(quals));
  } else if ('RangeSubselect' in source) {
    scope.names.add(source.RangeSubselect.alias?.aliasname ?? '');
  } else if ('RangeFunction' in source) {
    scope.names.add(source.RangeFunction.alias?.aliasname ?? '');
  }
}

function addTable(scope: Scope, { relname = '', alias }: RangeVar): void {
  const name = alias?.aliasname ?? relname;
  scope.names.add(name);
  const place = DISTRIBUTION[relname];
  if (place === undefined) return;
  const column = place === 'every node' ? null : place.byShow;
  scope.tables.push({ table: relname, alias: name, column });
}

function conjunctsOf(condition?: Node): Node[] {
  if (!condition) return [];
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') {
    return (condition.BoolExpr.args ?? []).flatMap(conjunctsOf);
  }
  return [condition];
}

export function fieldsOf({ fields = [] }: ColumnRef): string[] {
  return fields.map((field) => ('String' in field ? (field.String.sval ?? '') : '*'));
}

/** The table whose show's id the expression is, in this scope or around it. */
export function showColumn(scope: Scope, expression: Node | undefined): ShowColumn | null {
  if (!expression || !('ColumnRef' in expression)) return null;
  const fields = fieldsOf(expression.ColumnRef);
  const [alias, column] = fields.length > 1 ? fields : [null, fields[0]];
  for (let each: Scope | null = scope; each; each = each.outer) {
    const table = each.tables.find(
      (candidate) => candidate.column === column && (alias === null || candidate.alias === alias),
    );
    if (table) return { scope: each, table };
    if (alias !== null && each.names.has(alias)) return null;
  }
  return null;
}

/** Whether the expression names something of a scope around this one. */
export function refersOutside(scope: Scope, expression: unknown): boolean {
  for (const node of walk(expression)) {
    if (!('ColumnRef' in node)) continue;
    const fields = fieldsOf(node.ColumnRef);
    if (fields.length < 2 || scope.names.has(fields[0]!)) continue;
    for (let outer = scope.outer; outer; outer = outer.outer) {
      if (outer.names.has(fields[0]!)) return true;
    }
  }
  return false;
}

/** `=`, `= ANY` and `IN`. */
export function equality(node: Node): A_Expr | null {
  if (!('A_Expr' in node)) return null;
  const { kind, name } = node.A_Expr;
  const isEqual = name?.some((each) => 'String' in each && each.String.sval === '=');
  const kinds = ['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_IN'];
  return isEqual && kinds.includes(kind ?? '') ? node.A_Expr : null;
}
