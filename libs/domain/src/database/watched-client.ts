import type { Socket } from 'node:net';
import pg from 'pg';

const READ_ONLY = '25006';

export interface WatchedClientConfig extends pg.ClientConfig {
  /** A query that hears nothing for so long fails, and its connection is given up. Milliseconds. */
  answerTimeoutMs: number;
}

/**
 * A connection that notices when answers do not come any more, and one that may only read. Where a network swallows them the
 * server's time-outs end what runs there, but nobody here hears of it until TCP gives up after a
 * quarter of an hour. (pg's `query_timeout` fails the query too, but leaves a connection in the pool
 * on which the next one waits behind it.)
 */
export class WatchedClient extends pg.Client {
  constructor(config: WatchedClientConfig) {
    super(config);
    const { answerTimeoutMs } = config;
    // A session that may only read stays so when its server is made writable again, or when a
    // pooler or an address leads to another one: the next session is asked anew.
    this.connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) this.connection.stream.destroy();
    });
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
