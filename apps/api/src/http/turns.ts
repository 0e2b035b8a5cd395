import type { FastifyInstance } from 'fastify';

/** Requests of one turn: well under a millisecond's work. */
const PER_TURN = 4;

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next. In a rush
 * a hundred may arrive in one turn; the database's answers, for which a whole batch waits with its
 * show locked, would lie there until all of them were served.
 */
export function serveInTurns(fastify: FastifyInstance): void {
  const waiting: (() => void)[] = [];
  let served = 0;

  const next = () => {
    served = 0;
    for (const serve of waiting.splice(0, PER_TURN)) {
      served += 1;
      serve();
    }
    if (served > 0) setImmediate(next);
  };

  fastify.addHook('preValidation', (_request, _reply, done) => {
    if (served === PER_TURN) {
      waiting.push(done);
      return;
    }
    if (served === 0) setImmediate(next);
    served += 1;
    done();
  });
}
