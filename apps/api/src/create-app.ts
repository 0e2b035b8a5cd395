import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import { assertWritable, WriteHealth } from '@modex/domain';
import { FEED, HealthChecks, NestLogger, type Logger, type Tracing } from '@modex/platform';
import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { ApiConfig } from './config/api-config.js';
import { admit } from './http/admission.js';
import { acceptJsonOnly } from './http/json-body.js';
import { answerMethodNotAllowed } from './http/method-not-allowed.js';
import { createOpenApiDocument, serveOpenApi } from './http/openapi.js';
import { answerClientError, answerFrameworkError } from './http/framework-errors.js';
import { ProblemFilter } from './http/problem.filter.js';
import { observeRequests } from './http/request-metrics.js';
import { traceRequests } from './http/request-traces.js';
import { givePreparedAnswers } from './http/prepared-answers.js';
import { RateLimitGuard } from './http/rate-limit.guard.js';
import { securityHeadersOfApi, setSecurityHeaders } from './http/security-headers.js';
import { serveSinglePageApp } from './http/single-page-app.js';
import { createValidationPipe } from './http/validation.js';
import { serveInTurns, Turns } from './http/turns.js';
import { ServerStopping, ShowsUpdated } from './realtime/live-events.js';
import { SocketAdapter } from './realtime/socket-adapter.js';
import { observeParts } from './observe-parts.js';
import { PreparedShows } from './shows/prepared-shows.js';

/** No request of this API is longer. Bytes. */
const BODY_LIMIT = 65_536;
/** Longer than anything that names something, so that a wrong id is not found instead of refused. */
const MAX_PARAM_LENGTH = 2_000;
const REQUEST_ID = /^[\w.-]{1,64}$/;

/**
 * The whole API, ready to listen: `main.ts` and the tests run the same.
 * @param extensions modules beside the API's own
 * @param tracing where operators follow requests
 */
export async function createApp(
  config: ApiConfig,
  logger: Logger,
  extensions: Type[] = [],
  tracing: Tracing | null = null,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, logger, extensions, tracing),
    createFastifyAdapter(config),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  prepareHttp(app);
  fastify.decorateReply('problemCode', null);
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalPipes(createValidationPipe());
  admit(fastify, app.get(Registry), {
    holds: config.HOLDS_AT_ONCE,
    changes: config.CHANGES_AT_ONCE,
  });
  const turns = new Turns();
  const { publicUrl } = config;
  givePreparedAnswers(
    fastify,
    app.get(PreparedShows),
    config.RATE_LIMIT === 'off' ? null : app.get(RateLimitGuard),
    turns,
    securityHeadersOfApi(publicUrl),
  );
  traceRequests(fastify, tracing);
  fastify.addHook('onRequest', (request, reply, done) => {
    // Nothing is to be kept by anybody unless its route says so.
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    done();
  });
  acceptJsonOnly(fastify);
  serveInTurns(fastify, turns);
  answerMethodNotAllowed(fastify);
  observeRequests(fastify, app.get(Registry), logger);
  setSecurityHeaders(fastify, publicUrl);
  await app.register(fastifyCookie);

  app.useWebSocketAdapter(new SocketAdapter(app, app.get(FEED), config));
  registerHealthChecks(app);
  observeParts(app);

  serveOpenApi(app, createDocument(app));
  if (config.SPA_DIR !== undefined) await serveSinglePageApp(app, config.SPA_DIR);
  return app;
}

/** What decides the routes' paths, also where only the document is wanted. */
export function prepareHttp(app: INestApplication): void {
  app.setGlobalPrefix('api/v1', {
    exclude: [{ path: 'health/*path', method: RequestMethod.ALL }],
  });
}

export function createDocument(app: INestApplication) {
  return createOpenApiDocument(app, [ShowsUpdated, ServerStopping]);
}

function createFastifyAdapter(config: ApiConfig): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    // The nearest proxies in front are believed; an address further out could be made up.
    trustProxy: (_address: string, hop: number) => hop < config.TRUST_PROXY_HOPS,
    logger: false,
    // Idle connections are closed at once when the process stops; those in use finish.
    forceCloseConnections: 'idle',
    // What still comes in on a connection that is open is answered, not turned away.
    return503OnClosing: false,
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
}

function registerHealthChecks(app: NestFastifyApplication): void {
  const health = app.get(HealthChecks);
  const reads = app.get<DataSource>(getDataSourceToken());
  const writes = app.get(WriteHealth);
  health.register('database', () => assertWritable(reads));
  health.register('ledger', () => writes.check());
}
