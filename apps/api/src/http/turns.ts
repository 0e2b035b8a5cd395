import type { FastifyInstance } from 'fastify';
import { isHold } from './admission.js';

/** What one turn has room for: well under a millisecond's work. */
const ROOM = 16;

/** Kinds of requests, and what each takes of a turn's room. */
const COSTS = {
  usual: 4,
  /** Somebody wants slots. */
  hold: 4,
  /** An answer that lies ready. */
  prepared: 1,
};

export type Kind = keyof typeof COSTS;

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next. In a rush
 * a hundred may arrive in one turn; the database's answers, for which a whole batch waits with its
 * show locked, would lie there until all of them were served. First come whoever has slots already
 * and all the usual; holds and those who only look share what is left of a turn, half each, so that
 * a crowd of lookers does not keep a sale from going on.
 */
export class Turns {
  private readonly waiting: Record<Kind, (() => void)[]> = { usual: [], hold: [], prepared: [] };
  private room = ROOM;

  enter(serve: () => void, kind: Kind): void {
    if (this.room <= 0) {
      this.waiting[kind].push(serve);
      return;
    }
    if (this.room === ROOM) setImmediate(this.next);
    this.room -= COSTS[kind];
    serve();
  }

  private readonly next = (): void => {
    this.room = ROOM;
    const turn: (() => void)[] = [];
    const spent = { usual: 0, hold: 0, prepared: 0 };
    while (this.room > 0) {
      const kind = this.choose(spent);
      const serve = this.waiting[kind].shift();
      if (!serve) break;
      this.room -= COSTS[kind];
      spent[kind] += COSTS[kind];
      turn.push(serve);
    }
    if (turn.length === 0) return;
    setImmediate(this.next);
    for (const serve of turn) serve();
  };

  private choose(spent: Record<Kind, number>): Kind {
    const { usual, hold, prepared } = this.waiting;
    if (usual.length > 0) return 'usual';
    if (hold.length === 0) return 'prepared';
    return prepared.length > 0 && spent.prepared < spent.hold ? 'prepared' : 'hold';
  }
}

export function serveInTurns(fastify: FastifyInstance, turns: Turns): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    turns.enter(done, isHold(request) ? 'hold' : 'usual');
  });
}
