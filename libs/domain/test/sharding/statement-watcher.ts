import { relative } from 'node:path';
import type { DataSource, Logger, QueryRunner } from 'typeorm';
import { judge, loadParser, type Volatility } from './statement-rules.js';

const SOURCES = 'libs/domain/src';
const STACK_DEPTH = 100;

interface Transaction {
  isSequential: boolean;
  locksShow: boolean;
  visitsManyShards: boolean;
}

/**
 * Listens to every statement of a DataSource and judges it, alone and within its transaction, by the
 * rules of a sharded database.
 */
export class StatementWatcher implements Logger {
  readonly complaints = new Set<string>();
  /** Files of the sources that have sent a statement. */
  readonly files = new Set<string>();
  private readonly transactions = new WeakMap<QueryRunner, Transaction>();

  private constructor(private readonly volatilities: ReadonlyMap<string, Volatility>) {}

  static async on(dataSource: DataSource): Promise<StatementWatcher> {
    await loadParser();
    const watcher = new StatementWatcher(await readVolatilities(dataSource));
    dataSource.setOptions({ logger: watcher, logging: ['query'] });
    // When the logger hears of it, some of those who sent it are no longer to be seen.
    const query = dataSource.query.bind(dataSource);
    dataSource.query = (...given) => {
      watcher.noteSender();
      return query(...given);
    };
    return watcher;
  }

  logQuery(sql: string, parameters: unknown[] = [], runner?: QueryRunner): void {
    this.noteSender();
    if (/^(START TRANSACTION|BEGIN)/i.test(sql)) this.begin(runner!);
    else if (/^(COMMIT|ROLLBACK)/i.test(sql)) this.transactions.delete(runner!);
    else this.judge(sql, parameters, runner && this.transactions.get(runner));
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}

  private begin(runner: QueryRunner): void {
    this.transactions.set(runner, {
      isSequential: false,
      locksShow: false,
      visitsManyShards: false,
    });
  }

  private judge(sql: string, parameters: unknown[], transaction?: Transaction): void {
    const findings = judge(sql, parameters, this.volatilities);
    const complain = (complaint: string) => this.complaints.add(`${complaint}: ${sql}`);
    findings.complaints.forEach(complain);
    if (!transaction) return;
    if (/multi_shard_modify_mode TO 'sequential'/.test(sql)) transaction.isSequential = true;
    const { isSequential, visitsManyShards } = transaction;
    if (findings.writesEverywhere && visitsManyShards && !isSequential) {
      complain('writes to every node after a statement over many shards');
    }
    transaction.locksShow ||= findings.locksShow;
    transaction.visitsManyShards ||= findings.manyShards;
    if (transaction.locksShow && findings.manyShards) {
      complain("visits other shards under a show's lock");
    }
  }

  private noteSender(): void {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = STACK_DEPTH;
    const { stack = '' } = new Error();
    Error.stackTraceLimit = stackTraceLimit;
    for (const [path] of stack.matchAll(/\/[^\s():]+\.ts/g)) {
      const file = relative(process.cwd(), path);
      if (file.startsWith(SOURCES)) this.files.add(file.slice(SOURCES.length + 1));
    }
  }
}

export async function readVolatilities(
  dataSource: Pick<DataSource, 'query'>,
): Promise<Map<string, Volatility>> {
  // The worst of those that share a name.
  const rows = await dataSource.query<{ name: string; kind: string }[]>(
    `SELECT proname AS name, max(CASE provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE 2 END) AS kind
     FROM pg_proc GROUP BY proname`,
  );
  const kinds = ['immutable', 'stable', 'volatile'] as const;
  return new Map(rows.map(({ name, kind }) => [name, kinds[Number(kind)]!]));
}
