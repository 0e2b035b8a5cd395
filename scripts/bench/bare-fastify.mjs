// The upper bound of a Node HTTP server: one Fastify route that sends given bytes, and nothing else.
// Fastify parses the JSON of a POST.
import Fastify from 'fastify';
import { answerRequests } from './helper-process.mjs';

/**
 * @typedef {object} Route
 * @property {'GET' | 'POST'} method
 * @property {string} path
 * @property {number} status
 * @property {string} type
 * @property {string} body
 */

answerRequests(async (/** @type {Route} */ { method, path, status, type, body }) => {
  const bytes = Buffer.from(body);
  const fastify = Fastify();
  const handler = (/** @type {unknown} */ _, /** @type {import('fastify').FastifyReply} */ reply) =>
    reply.code(status).type(type).send(bytes);
  fastify.route({ method, url: path, handler });
  return fastify.listen({ host: '127.0.0.1', port: 0 });
});
