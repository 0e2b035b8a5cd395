import type { FastifyInstance } from 'fastify';

/**
 * Bodies are JSON only: a form, which any page can send with a visitor's cookies, gets 415. An empty
 * body counts as none, since many clients send the content type of JSON without a body.
 */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  // `__proto__` and the like are parsed as plain properties; `checkShape` refuses them.
  const parse = fastify.getDefaultJsonParser('ignore', 'ignore');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null);
      else void parse(request, body, done);
    },
  );
}
