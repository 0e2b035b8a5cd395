import { EventEmitter } from 'node:events';
import pg from 'pg';

/** Between two questions whether the connection still lives. Milliseconds. */
const PROBE_EVERY_MS = 2_000;
/** A connection that does not answer in this time is given up. Milliseconds. */
const ANSWER_WITHIN_MS = 3_000;
/** Longest wait before the next connection is tried. Milliseconds. */
const RETRY_MS = 1_000;

interface Events {
  notification: [pg.Notification];
  /** Every LISTEN is in force, at first or again: what was said before is lost to this process. */
  listening: [];
  /** The connection ended, or is silent. Once for each outage. */
  lost: [Error];
}

/**
 * A connection for LISTEN that is made again whenever it is lost. It asks the server every 2 s for an
 * answer: where a network drops packets silently nothing else would tell a dead connection from one
 * on which nobody says anything.
 */
export class PostgresListener extends EventEmitter<Events> {
  private readonly statements = new Set<string>();
  private isInForce = false;
  private isLost = false;
  private isClosed = false;
  private wake: () => void = () => {};
  private readonly running: Promise<void>;

  constructor(private readonly config: pg.ClientConfig) {
    super();
    this.running = this.run();
  }

  /** Whether this process hears what is said at this moment, as far as the last answer tells. */
  get isListening(): boolean {
    return this.isInForce;
  }

  /** Says a LISTEN on this connection, and on every one after it. */
  listen(statement: string): void {
    this.statements.add(statement);
    this.wake();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const client = new pg.Client(this.config);
      client.on('notification', (notification) => this.emit('notification', notification));
      // `end` follows.
      client.on('error', () => {});
      client.once('end', () => {
        this.isInForce = false;
        this.wake();
      });
      const error = await this.use(client).catch((reason: Error) => reason);
      this.isInForce = false;
      // With an unanswered question it is cut; otherwise it waits for the other side, but holds up nobody.
      void client.end().catch(() => {});
      (client as pg.Client & { unref: () => void }).unref();
      if (this.isClosed) return;
      if (error && !this.isLost) this.emit('lost', error);
      this.isLost = true;
      await this.wait(RETRY_MS * (0.25 + Math.random() * 0.75));
    }
  }

  /** Resolves when this is closed, and rejects when the connection is lost. */
  private async use(client: pg.Client): Promise<undefined> {
    await client.connect();
    const inForce = new Set<string>();
    while (!this.isClosed) {
      const missing = [...this.statements].filter((statement) => !inForce.has(statement));
      for (const statement of missing) {
        await answer(client, statement);
        inForce.add(statement);
      }
      if (missing.length > 0) {
        this.isInForce = true;
        this.isLost = false;
        this.emit('listening');
      }
      await this.wait(PROBE_EVERY_MS);
      if (!this.isClosed) await answer(client, 'SELECT 1');
    }
  }

  /** For so long, or until something is to be done. */
  private async wait(ms: number): Promise<void> {
    if (this.isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }
}

async function answer(client: pg.Client, statement: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    // An answer that came while this process was busy is read before it is missed.
    const miss = () =>
      setImmediate(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)));
    timer = setTimeout(miss, ANSWER_WITHIN_MS);
  });
  try {
    await Promise.race([client.query(statement), silence]);
  } finally {
    clearTimeout(timer);
  }
}
