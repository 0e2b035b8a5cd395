import type { FastifyInstance } from 'fastify';
import { isHold } from './admission.js';

/** Requests of one turn: well under a millisecond's work. */
const PER_TURN = 4;

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next. In a rush
 * a hundred may arrive in one turn; the database's answers, for which a whole batch waits with its
 * show locked, would lie there until all of them were served. Holds come after everything else.
 */
export function serveInTurns(fastify: FastifyInstance): void {
  const holds: (() => void)[] = [];
  const others: (() => void)[] = [];
  let served = 0;

  const next = () => {
    served = 0;
    const turn = others.splice(0, PER_TURN);
    turn.push(...holds.splice(0, PER_TURN - turn.length));
    if (turn.length === 0) return;
    served = turn.length;
    setImmediate(next);
    for (const serve of turn) serve();
  };

  fastify.addHook('preValidation', (request, _reply, done) => {
    if (served === PER_TURN) {
      (isHold(request) ? holds : others).push(done);
      return;
    }
    if (served === 0) setImmediate(next);
    served += 1;
    done();
  });
}
