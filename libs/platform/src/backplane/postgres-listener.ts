import { EventEmitter } from 'node:events';
import pg from 'pg';

/** Between two probes of the connection. Milliseconds. */
const PROBE_EVERY_MS = 2_000;
/** A probe without an answer in this time ends the connection. Milliseconds. */
const PROBE_TIMEOUT_MS = 3_000;
/** Longest wait before reconnecting. Milliseconds. */
const RETRY_MS = 1_000;

interface Events {
  notification: [pg.Notification];
  /** All LISTENs are in force, initially or again; notifications sent before were missed. */
  listening: [];
  /** The connection ended or is silent. Emitted once for each outage. */
  lost: [Error];
}

/**
 * A connection for LISTEN that reconnects. It probes the server every 2 s: without that, a connection
 * whose packets are dropped silently looks like one without notifications.
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

  /** Whether this process receives notifications, as of the last probe. */
  get isListening(): boolean {
    return this.isInForce;
  }

  /** Runs a LISTEN on this connection, and again after every reconnect. */
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
      // Closed in the background; the process may end before.
      void client.end().catch(() => {});
      (client as pg.Client & { unref: () => void }).unref();
      if (this.isClosed) return;
      if (error && !this.isLost) this.emit('lost', error);
      this.isLost = true;
      await this.wait(RETRY_MS * (0.25 + Math.random() * 0.75));
    }
  }

  /** Resolves on close, and rejects when the connection is lost. */
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

  /** Waits for so long, or until `wake` is called. */
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
    // After a blocked event loop, an answer that has arrived is read first.
    const fail = () =>
      setImmediate(() => reject(new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`)));
    timer = setTimeout(fail, PROBE_TIMEOUT_MS);
  });
  try {
    await Promise.race([client.query(statement), silence]);
  } finally {
    clearTimeout(timer);
  }
}
