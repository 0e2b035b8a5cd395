// What bounds a read: one Fastify route and nothing else, which sends bytes it was given.
import Fastify from 'fastify';
import { answerRequests } from './helper-process.mjs';

/** @typedef {{ path: string, type: string, body: string }} Route */

await answerRequests(async (/** @type {Route} */ { path, type, body }) => {
  const bytes = Buffer.from(body);
  const fastify = Fastify();
  fastify.get(path, (_request, reply) => reply.type(type).send(bytes));
  return { url: await fastify.listen({ host: '127.0.0.1', port: 0 }) };
});
