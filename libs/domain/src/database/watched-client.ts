import type { Socket } from 'node:net';
import pg from 'pg';

const READ_ONLY = '25006';

export interface WatchedClientConfig extends pg.ClientConfig {
  /** A query without an answer for this long fails, and its connection is closed. Milliseconds. */
  answerTimeoutMs: number;
}

/**
 * A connection that ends when answers are missing, or when its session is read-only. If the network
 * drops packets, the client notices only after TCP's time-out of a quarter of an hour. (pg's
 * `query_timeout` fails the query, but leaves the blocked connection in the pool.)
 */
export class WatchedClient extends pg.Client {
  constructor(config: WatchedClientConfig) {
    super(config);
    const { answerTimeoutMs } = config;
    // A read-only session stays so after its server becomes writable, or after a pooler or an address
    // changes to another server; a new session does not.
    this.connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) this.connection.stream.destroy();
    });
    // The socket restarts its timer with every packet, so a query costs nothing.
    this.once('connect', () => {
      const socket = this.connection.stream as Socket;
      socket.setTimeout(answerTimeoutMs).on('timeout', () => {
        if (this.isWaiting) socket.destroy(new AnswerTimeoutError(answerTimeoutMs));
      });
    });
  }

  private get isWaiting(): boolean {
    return (this as { readyForQuery?: boolean }).readyForQuery === false;
  }
}

/** Counts as a lost connection: the outcome of the query is unknown. */
class AnswerTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(afterMs: number) {
    super(`the database did not answer within ${afterMs} ms`);
  }
}
