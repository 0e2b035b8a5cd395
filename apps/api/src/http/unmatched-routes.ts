import type { FastifyInstance } from 'fastify';
import type { ProblemSource } from './problem.js';
import type { Refusals } from './refusals.js';
import { schedule, type RequestScheduler } from './request-scheduler.js';

interface Route {
  pattern: RegExp;
  methods: Set<string>;
}

const NOT_FOUND: ProblemSource = {
  status: 404,
  code: 'NOT_FOUND',
  detail: 'There is nothing here.',
};

/**
 * Refuses requests that match no route before their body is read. For a known path with the wrong
 * method Fastify would answer 404; HTTP requires 405 and `Allow`.
 *
 * @returns adds the hook: to be called after all other hooks that may answer such a request
 */
export function refuseUnmatched(
  fastify: FastifyInstance,
  scheduler: RequestScheduler,
  refusals: Refusals,
): () => void {
  const routes = new Map<string, Route>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  const methodsOf = (path: string): string[] => [
    ...new Set(
      [...routes.values()]
        .filter(({ pattern }) => pattern.test(path))
        .flatMap(({ methods }) => [...methods]),
    ),
  ];
  return () => {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!request.is404) return done();
      schedule(scheduler, refusals, request, reply, 'refused', () => {
        const [path = ''] = request.url.split('?', 1);
        const methods = methodsOf(path);
        if (methods.length === 0 || methods.includes(request.method)) {
          refusals.send(request, reply, NOT_FOUND);
        } else {
          const detail = `${request.method} is not possible here.`;
          const problem = { status: 405, code: 'METHOD_NOT_ALLOWED', detail };
          refusals.send(request, reply, problem, ['Allow', methods.join(', ')]);
        }
      });
    });
  };
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    // A wildcard route serves the single-page app's assets: it must not match every path.
    return part === '*' ? '(?!)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
