import type { FastifyInstance } from 'fastify';
import { isHold } from './admission.js';

/** Requests of one turn: well under a millisecond's work. */
const PER_TURN = 4;

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next. In a rush
 * a hundred may arrive in one turn; the database's answers, for which a whole batch waits with its
 * show locked, would lie there until all of them were served. Holds come after everything else.
 */
export class Turns {
  private readonly holds: (() => void)[] = [];
  private readonly others: (() => void)[] = [];
  private served = 0;

  enter(serve: () => void, isHold: boolean): void {
    if (this.served === PER_TURN) {
      (isHold ? this.holds : this.others).push(serve);
      return;
    }
    if (this.served === 0) setImmediate(this.next);
    this.served += 1;
    serve();
  }

  private readonly next = (): void => {
    this.served = 0;
    const turn = this.others.splice(0, PER_TURN);
    turn.push(...this.holds.splice(0, PER_TURN - turn.length));
    if (turn.length === 0) return;
    this.served = turn.length;
    setImmediate(this.next);
    for (const serve of turn) serve();
  };
}

export function serveInTurns(fastify: FastifyInstance, turns: Turns): void {
  fastify.addHook('preValidation', (request, _reply, done) => turns.enter(done, isHold(request)));
}
