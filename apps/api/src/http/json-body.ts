import type { FastifyInstance } from 'fastify';

/**
 * Bodies are JSON and nothing else: a form, which any page may send with a visitor's cookies, is
 * 415. An empty body is none, since many clients announce JSON for a POST without one.
 */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  // Names such as `__proto__` are properties like any other here; `checkShape` refuses them by name.
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
