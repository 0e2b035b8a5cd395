import { loadModule, parseSync, type A_Expr, type InsertStmt, type Node } from 'libpg-query';
import { DISTRIBUTION } from '../../src/database/distribution.js';
import {
  equality,
  refersOutside,
  scopesOf,
  showColumn,
  walk,
  type Scope,
  type ScopeTable,
} from './statement-scopes.js';

export type Volatility = 'immutable' | 'stable' | 'volatile';

/** What a statement needs of the cluster. */
export interface Findings {
  /** The rules that it breaks. */
  complaints: string[];
  /** Whether it may visit more than one shard. */
  manyShards: boolean;
  /** Whether it writes to a table that lies on every node. */
  writesEverywhere: boolean;
  locksShow: boolean;
}

const NOTHING: Findings = {
  complaints: [],
  manyShards: false,
  writesEverywhere: false,
  locksShow: false,
};

export function loadParser(): Promise<void> {
  return loadModule();
}

/**
 * Judges a statement by what Citus can do with it, from the statement alone: what PostgreSQL accepts
 * and a cluster refuses, or would do on every shard.
 * @param volatilities of the functions there are
 */
export function judge(
  sql: string,
  parameters: readonly unknown[],
  volatilities: ReadonlyMap<string, Volatility>,
): Findings {
  const statements = parseSync(sql).stmts ?? [];
  return statements
    .map(({ stmt }) => new Judge(stmt!, parameters, volatilities).findings())
    .reduce(
      (all, one) => ({
        complaints: [...all.complaints, ...one.complaints],
        manyShards: all.manyShards || one.manyShards,
        writesEverywhere: all.writesEverywhere || one.writesEverywhere,
        locksShow: all.locksShow || one.locksShow,
      }),
      NOTHING,
    );
}

class Judge {
  private readonly complaints: string[] = [];
  private readonly scopes: Scope[];

  constructor(
    private readonly statement: Node,
    private readonly parameters: readonly unknown[],
    private readonly volatilities: ReadonlyMap<string, Volatility>,
  ) {
    this.scopes = scopesOf(statement);
  }

  findings(): Findings {
    for (const scope of this.scopes) {
      this.judgeLock(scope);
      this.judgeJoin(scope);
      this.judgeCorrelation(scope);
    }
    const written = this.judgeChange();
    this.judgePlaces();
    return {
      complaints: this.complaints,
      manyShards: this.scopes.some((scope) => this.unpinned(scope).length > 0),
      writesEverywhere: written !== null && DISTRIBUTION[written] === 'every node',
      locksShow: this.scopes.some((scope) => distributed(scope).length > 0 && isLocking(scope)),
    };
  }

  /** A lock needs one show's id by `=`: a list of one is refused too. */
  private judgeLock(scope: Scope): void {
    if (!isLocking(scope)) return;
    for (const { table, alias } of distributed(scope)) {
      const isOne = scope.conjuncts.some((conjunct) => {
        const condition = equality(conjunct);
        const isSingle = condition?.kind === 'AEXPR_OP';
        return (
          isSingle &&
          this.sides(condition).some(
            ([column, value]) => showColumn(scope, column)?.table.alias === alias && isValue(value),
          )
        );
      });
      if (!isOne) this.complaints.push(`locks ${table} without "= $n" on one show's id`);
    }
  }

  private judgeJoin(scope: Scope): void {
    const tables = distributed(scope);
    if (tables.length < 2 || this.unpinned(scope).length === 0) return;
    const joined = this.joinedWith(scope, tables[0]!);
    for (const { table, alias } of tables) {
      if (!joined.has(alias)) this.complaints.push(`joins ${table}, but not over the show's id`);
    }
  }

  private judgeCorrelation(scope: Scope): void {
    const { outer, select } = scope;
    if (!outer || !refersOutside(scope, select)) return;
    for (const table of this.unpinned(scope)) {
      const overShow = scope.conjuncts.some((conjunct) => {
        const condition = equality(conjunct);
        if (condition?.kind !== 'AEXPR_OP') return false;
        const [left, right] = [condition.lexpr, condition.rexpr].map((side) =>
          showColumn(scope, side),
        );
        return left && right && left.scope !== right.scope;
      });
      if (!overShow) {
        this.complaints.push(
          `asks ${table.table} for each row around it, but not over the show's id`,
        );
      }
    }
  }

  /** @returns the table that the statement writes, if it does */
  private judgeChange(): string | null {
    const { statement } = this;
    if ('InsertStmt' in statement) return this.judgeInsert(statement.InsertStmt);
    const change =
      'UpdateStmt' in statement
        ? statement.UpdateStmt
        : 'DeleteStmt' in statement
          ? statement.DeleteStmt
          : null;
    if (!change) return null;
    const table = change.relation?.relname ?? '';
    if ('targetList' in change) this.judgeTargets(table, change.targetList ?? []);
    this.judgeFunctions(change, 'volatile', 'in an UPDATE or DELETE');
    this.judgeIntervals(change);
    if (DISTRIBUTION[table] === 'every node') this.judgeChoice(table);
    return table;
  }

  private judgeInsert(insert: InsertStmt): string {
    const table = insert.relation?.relname ?? '';
    const place = DISTRIBUTION[table];
    if (place !== undefined && place !== 'every node') {
      const columns = insert.cols?.map((each) => ('ResTarget' in each ? each.ResTarget.name : ''));
      const index = columns?.indexOf(place.byShow) ?? -1;
      if (index === -1) this.complaints.push(`inserts into ${table} without ${place.byShow}`);
      this.judgeSource(insert, table, index);
    }
    const conflict = insert.onConflictClause;
    if (conflict) {
      this.judgeTargets(table, conflict.targetList ?? []);
      this.judgeFunctions(conflict, 'stable', 'in ON CONFLICT');
    }
    return table;
  }

  /** Rows of a SELECT are made on the shard they are for only if it takes the show's id from a table there. */
  private judgeSource({ selectStmt }: InsertStmt, table: string, index: number): void {
    const select = selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : null;
    if (!select || select.valuesLists) return;
    const scope = this.scopes.find((each) => each.select === select)!;
    const target = select.targetList?.[index];
    const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
    if (!showColumn(scope, value)) {
      this.complaints.push(`inserts into ${table} what a SELECT has made elsewhere`);
    }
  }

  private judgeTargets(table: string, targets: Node[]): void {
    const place = DISTRIBUTION[table];
    if (place === undefined || place === 'every node') return;
    const isMoved = targets.some(
      (each) => 'ResTarget' in each && each.ResTarget.name === place.byShow,
    );
    if (isMoved) this.complaints.push(`changes ${table}.${place.byShow}`);
  }

  /** @param from the least volatility that is too much */
  private judgeFunctions(part: unknown, from: Volatility, where: string): void {
    for (const node of walk(part)) {
      const name = functionName(node);
      if (name === null) continue;
      const volatility = this.volatilities.get(name) ?? 'volatile';
      const isTooMuch = volatility === 'volatile' || volatility === from;
      if (isTooMuch) this.complaints.push(`calls ${name}(), which is ${volatility}, ${where}`);
      else if (volatility === 'stable' && 'FuncCall' in node && hasColumn(node)) {
        this.complaints.push(`calls ${name}(), which is stable, with a column ${where}`);
      }
    }
  }

  /** Of a time with a zone the sum depends on the session's zone, which is as bad as a stable function. */
  private judgeIntervals(part: unknown): void {
    for (const node of walk(part)) {
      if (!('A_Expr' in node) || !isSum(node.A_Expr)) continue;
      const sides = [node.A_Expr.lexpr, node.A_Expr.rexpr];
      if (!sides.some((side) => side && isInterval(side))) continue;
      if (sides.some((side) => side && !isInterval(side) && hasColumn(side) && !isZoneless(side))) {
        this.complaints.push('adds an interval to a column in an UPDATE or DELETE');
      }
    }
  }

  /** Each node chooses the rows of its own copy. */
  private judgeChoice(table: string): void {
    for (const { select } of this.scopes) {
      if (select?.limitCount && !select.sortClause) {
        this.complaints.push(
          `lets every node choose rows of ${table} by a LIMIT without an ORDER BY`,
        );
      }
    }
  }

  private judgePlaces(): void {
    const made = new Set<string>();
    const used = new Set<string>();
    for (const node of walk(this.statement)) {
      if ('CommonTableExpr' in node) made.add(node.CommonTableExpr.ctename ?? '');
      if ('relname' in node && 'relpersistence' in node && !('schemaname' in node)) {
        used.add(String(node.relname));
      }
    }
    for (const name of used) {
      if (made.has(name) || name.startsWith('pg_') || name in DISTRIBUTION) continue;
      this.complaints.push(`uses ${name}, which has no place`);
    }
  }

  /** The distributed tables of a scope of which it may want more than one show. */
  private unpinned(scope: Scope): ScopeTable[] {
    return distributed(scope).filter((table) => {
      const joined = this.joinedWith(scope, table);
      return ![...joined].some((alias) => this.isPinned(scope, alias));
    });
  }

  private isPinned(scope: Scope, alias: string): boolean {
    return scope.conjuncts.some((conjunct) => {
      const condition = equality(conjunct);
      return (
        condition &&
        this.sides(condition).some(
          ([column, value]) =>
            showColumn(scope, column)?.table.alias === alias && this.isOneValue(value),
        )
      );
    });
  }

  /** The aliases that are equal to this table in the show's id, itself too. */
  private joinedWith(scope: Scope, table: ScopeTable): Set<string> {
    const joined = new Set([table.alias]);
    for (let size = 0; size !== joined.size;) {
      size = joined.size;
      for (const conjunct of scope.conjuncts) {
        const condition = equality(conjunct);
        if (condition?.kind !== 'AEXPR_OP') continue;
        const [left, right] = [condition.lexpr, condition.rexpr].map(
          (side) => showColumn(scope, side)?.table.alias,
        );
        if (left === undefined || right === undefined) continue;
        if (joined.has(left)) joined.add(right);
        if (joined.has(right)) joined.add(left);
      }
    }
    return joined;
  }

  private sides({ lexpr, rexpr }: { lexpr?: Node; rexpr?: Node }) {
    return [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ] as const;
  }

  private isOneValue(value: Node | undefined): boolean {
    const values = valuesOf(value, this.parameters);
    return values !== null && new Set(values).size === 1;
  }
}

function distributed(scope: Scope): ScopeTable[] {
  return scope.tables.filter(({ column }) => column !== null);
}

function isLocking({ select }: Scope): boolean {
  return (select?.lockingClause?.length ?? 0) > 0;
}

function isValue(node: Node | undefined): boolean {
  if (!node) return false;
  if ('TypeCast' in node) return isValue(node.TypeCast.arg);
  return 'ParamRef' in node || 'A_Const' in node;
}

/** The values that a side of an equality stands for; null if they are not in the statement. */
function valuesOf(node: Node | undefined, parameters: readonly unknown[]): unknown[] | null {
  if (!node) return null;
  if ('TypeCast' in node) return valuesOf(node.TypeCast.arg, parameters);
  if ('ParamRef' in node) return [parameters[node.ParamRef.number! - 1]].flat();
  if ('A_Const' in node) return [JSON.stringify(node.A_Const)];
  if ('List' in node) {
    const lists = (node.List.items ?? []).map((item) => valuesOf(item, parameters));
    return lists.includes(null) ? null : lists.flat();
  }
  return null;
}

function functionName(node: Node): string | null {
  // CURRENT_TIMESTAMP and its like.
  if ('SQLValueFunction' in node) return 'now';
  if (!('FuncCall' in node)) return null;
  const last = node.FuncCall.funcname?.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '';
}

function hasColumn(node: Node): boolean {
  return [...walk(node)].some((each) => 'ColumnRef' in each);
}

function isSum({ name }: A_Expr): boolean {
  const [operator] = name ?? [];
  return (
    operator !== undefined && 'String' in operator && /^[+-]$/.test(operator.String.sval ?? '')
  );
}

function isInterval(node: Node): boolean {
  if ('TypeCast' in node) {
    const last = node.TypeCast.typeName?.names?.at(-1);
    return last !== undefined && 'String' in last && last.String.sval === 'interval';
  }
  return functionName(node) === 'make_interval';
}

/** `… AT TIME ZONE`. */
function isZoneless(node: Node): boolean {
  return functionName(node) === 'timezone';
}
