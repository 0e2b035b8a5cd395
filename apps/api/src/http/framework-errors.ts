import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemBody } from './problem.js';

/** What Fastify refuses before any route or filter: a URL that cannot be decoded. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const [path = ''] = request.url.split('?');
  const problem = { status: 400, code: 'BAD_REQUEST', detail: error.message };
  void reply
    .status(problem.status)
    .header('X-Request-Id', request.id)
    .header('Content-Type', PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem, path, request.id)));
}
