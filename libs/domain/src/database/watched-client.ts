import type { Socket } from 'node:net';
import pg from 'pg';

export interface WatchedClientConfig extends pg.ClientConfig {
  /** A query that hears nothing for so long fails, and its connection is given up. Milliseconds. */
  answerTimeoutMs: number;
}

/**
 * A connection that notices when answers do not come any more. Where a network swallows them the
 * server's time-outs end what runs there, but nobody here hears of it until TCP gives up after a
 * quarter of an hour. (pg's `query_timeout` fails the query too, but leaves a connection in the pool
 * on which the next one waits behind it.)
 */
export class WatchedClient extends pg.Client {
  constructor(config: WatchedClientConfig) {
    super(config);
    const { answerTimeoutMs } = config;
    // The socket's own timer starts anew with whatever is sent or received, so a query costs nothing.
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

/** Counts as a lost connection: whether the server did what it was asked is not known. */
class AnswerTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(afterMs: number) {
    super(`the database did not answer within ${afterMs} ms`);
  }
}
