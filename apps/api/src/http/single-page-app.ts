import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { StartError } from '@modex/platform';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Refusals } from './refusals.js';
import { schedule, type RequestScheduler } from './request-scheduler.js';

/** Paths that never serve the app's page. */
const NOT_A_PAGE = /^\/(api|health|socket\.io|assets)(\/|$)/;

/**
 * Serves the built single-page app: immutable hashed assets, and the uncached page for every path
 * that a browser opens and no route matches.
 */
export async function serveSinglePageApp(
  app: NestFastifyApplication,
  dir: string,
  scheduler: RequestScheduler,
  refusals: Refusals,
): Promise<void> {
  if (!existsSync(join(dir, 'index.html'))) {
    throw new StartError(`SPA_DIR (${dir}) has no index.html: build the frontend first.`);
  }
  await app.register(fastifyStatic, {
    root: dir,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/');
      void reply.header(
        'Cache-Control',
        hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      const [path = ''] = request.url.split('?', 1);
      const opensPage =
        request.is404 &&
        request.method === 'GET' &&
        (request.headers.accept ?? '').includes('text/html') &&
        !NOT_A_PAGE.test(path);
      if (!opensPage) return done();
      schedule(scheduler, refusals, request, reply, 'others', () => {
        void reply.sendFile('index.html');
      });
    });
}
