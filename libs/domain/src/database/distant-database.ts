import { DataSource } from 'typeorm';
import { dataSourceOptions, type ConnectionSettings } from './data-source.js';

/** Time-out of a trivial query. Milliseconds. */
const ASK_MS = 1_000;
/** Time-out of closing at the end of the process. Milliseconds. */
const CLOSE_MS = 1_000;

/** A DataSource whose server may be down: it is initialised when the server first answers. */
export class DistantDatabase {
  readonly source: DataSource;
  private asking: Promise<Record<string, string | null>> | null = null;

  constructor(settings: ConnectionSettings) {
    this.source = new DataSource(dataSourceOptions(settings));
  }

  /**
   * The row that the statement returns, within a second. One query at a time: calls during a query
   * share its result.
   */
  async ask(sql: string): Promise<Record<string, string | null>> {
    this.asking ??= this.query(sql).finally(() => (this.asking = null));
    return within(ASK_MS, this.asking);
  }

  async close(): Promise<void> {
    const closing = async () => {
      await this.asking?.catch(() => {});
      if (this.source.isInitialized) await this.source.destroy();
    };
    await within(CLOSE_MS, closing()).catch(() => {});
  }

  private async query(sql: string): Promise<Record<string, string | null>> {
    if (!this.source.isInitialized) await this.source.initialize();
    const [row] = await this.source.query<Record<string, string | null>[]>(sql);
    return row!;
  }
}

/** @throws ETIMEDOUT, as of a lost connection */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`no answer within ${ms} ms`), { code: 'ETIMEDOUT' })),
      ms,
    ).unref();
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
