import { DataSource } from 'typeorm';
import { dataSourceOptions, type ConnectionSettings } from './data-source.js';

/** Longest wait for the answer to a question that takes no time. Milliseconds. */
const ASK_MS = 1_000;
/** At the end of the process, what does not want to close is left to the end. Milliseconds. */
const CLOSE_MS = 1_000;

/** A DataSource whose server may be away: it is opened when the server first answers. */
export class DistantDatabase {
  readonly source: DataSource;
  private asking: Promise<Record<string, string | null>> | null = null;

  constructor(settings: ConnectionSettings) {
    this.source = new DataSource(dataSourceOptions(settings));
  }

  /**
   * The row that the statement answers, within a second. One question at a time: while one hangs,
   * the next waits for its answer too.
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
