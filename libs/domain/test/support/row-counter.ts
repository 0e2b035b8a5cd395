import type { DataSource, Logger } from 'typeorm';

interface Statement {
  sql: string;
  parameters: unknown[];
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Tells how many rows of a table a statement reads to find those that it is about. */
export class RowCounter implements Logger {
  /** The largest of each text that looks into the table. */
  readonly statements = new Map<string, Statement>();
  private isListening = true;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly table: string,
  ) {}

  /** Listens to what a DataSource sends, until it is told to stop. */
  static on(dataSource: DataSource, table: string): RowCounter {
    const counter = new RowCounter(dataSource, table);
    dataSource.setOptions({ logger: counter, logging: ['query'] });
    return counter;
  }

  stop(): void {
    this.isListening = false;
  }

  /** Runs it once more, with what there is now, and takes it back. */
  async read(sql: string, parameters: unknown[]): Promise<number> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const [row] = (await runner.query(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
        parameters,
      )) as { 'QUERY PLAN': { Plan: Plan }[] }[];
      return this.rowsOf(row!['QUERY PLAN'][0]!.Plan);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  logQuery(sql: string, parameters: unknown[] = []): void {
    if (!this.isListening || !new RegExp(`(FROM|UPDATE) "?${this.table}\\b`).test(sql)) return;
    const known = this.statements.get(sql);
    const size = (of: unknown[]) => JSON.stringify(of).length;
    if (known && size(known.parameters) >= size(parameters)) return;
    this.statements.set(sql, { sql, parameters });
  }

  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}

  private rowsOf(plan: Plan): number {
    const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': missed = 0 } =
      plan;
    const own =
      plan['Node Type'].endsWith('Scan') && plan['Relation Name'] === this.table
        ? (plan['Actual Rows'] + filtered + missed) * plan['Actual Loops']
        : 0;
    return own + (plan.Plans ?? []).reduce((sum, inner) => sum + this.rowsOf(inner), 0);
  }
}
