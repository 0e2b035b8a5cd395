import type { FastifyInstance } from 'fastify';
import { isHold } from './admission.js';

/** What one turn has room for: well under a millisecond's work. */
const ROOM = 16;
/** What a request takes of it; an answer that lies ready takes less. */
const USUAL = 4;
export const PREPARED = 1;

interface Waiting {
  serve: () => void;
  cost: number;
}

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next. In a rush
 * a hundred may arrive in one turn; the database's answers, for which a whole batch waits with its
 * show locked, would lie there until all of them were served. Holds come after everything else.
 */
export class Turns {
  private readonly holds: Waiting[] = [];
  private readonly others: Waiting[] = [];
  private room = ROOM;

  enter(serve: () => void, cost = USUAL, isHold = false): void {
    if (this.room <= 0) {
      (isHold ? this.holds : this.others).push({ serve, cost });
      return;
    }
    if (this.room === ROOM) setImmediate(this.next);
    this.room -= cost;
    serve();
  }

  private readonly next = (): void => {
    this.room = ROOM;
    const turn: Waiting[] = [];
    while (this.room > 0) {
      const waiting = this.others.shift() ?? this.holds.shift();
      if (!waiting) break;
      this.room -= waiting.cost;
      turn.push(waiting);
    }
    if (turn.length === 0) return;
    setImmediate(this.next);
    for (const { serve } of turn) serve();
  };
}

export function serveInTurns(fastify: FastifyInstance, turns: Turns): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    turns.enter(done, undefined, isHold(request));
  });
}
