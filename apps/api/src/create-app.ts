import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import { assertWritable, WriteHealth } from '@modex/domain';
import { BACKPLANE, HealthChecks, NestLogger, type Logger, type Tracing } from '@modex/platform';
import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { ApiConfig } from './config/api-config.js';
import { controlAdmission } from './http/admission.js';
import { trustProxies } from './http/client-address.js';
import { acceptJsonOnly } from './http/json-body.js';
import { createOpenApiDocument, serveOpenApi } from './http/openapi.js';
import { answerClientErrors, answerFrameworkErrors } from './http/framework-errors.js';
import { ProblemFilter } from './http/problem.filter.js';
import { observeRequests } from './http/request-metrics.js';
import { traceRequests } from './http/request-traces.js';
import { serveCachedResponses } from './http/cached-responses.js';
import { limitRates } from './http/rate-limits.js';
import { Refusals } from './http/refusals.js';
import { SharedLimiters } from './http/shared-limiters.js';
import { refuseUnmatched } from './http/unmatched-routes.js';
import { securityHeadersOfApi, setSecurityHeaders } from './http/security-headers.js';
import { serveSinglePageApp } from './http/single-page-app.js';
import { InputPipe } from './http/validation.js';
import { RequestScheduler, scheduleRequests } from './http/request-scheduler.js';
import { limitBodies } from './http/body-limit.js';
import { refuseUnauthenticated } from './http/access/early-authentication.js';
import { VerifiedTokens } from './http/access/verified-tokens.js';
import { ServerStopping, ShowsUpdated } from './realtime/live-events.js';
import { LiveMetrics } from './realtime/live-metrics.js';
import { SocketAdapter } from './realtime/socket-adapter.js';
import { observeParts } from './observe-parts.js';
import { CachedShowResponses } from './shows/cached-show-responses.js';

/** Longest time from the first byte of a request to the last of its headers. Milliseconds. */
const MAX_HEADERS_MS = 10_000;
/** How often Node checks for requests that exceed their time. Milliseconds. */
const CHECK_EVERY_MS = 500;
/** Longer than any id, so that a wrong id gets 404 instead of 414. */
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
  app.useGlobalPipes(new InputPipe());
  const registry = app.get<Registry>(Registry);
  const { publicUrl } = config;
  const headers = securityHeadersOfApi(publicUrl);
  const refusals = new Refusals(headers);
  const scheduler = new RequestScheduler();
  controlAdmission(fastify, registry, refusals, {
    holds: config.MAX_HOLDS_IN_FLIGHT,
    changes: config.MAX_CHANGES_IN_FLIGHT,
  });
  limitRates(fastify, registry, refusals, config.rateLimits, app.get(SharedLimiters));
  serveCachedResponses(fastify, app.get(CachedShowResponses), scheduler, refusals, headers);
  traceRequests(fastify, tracing);
  fastify.addHook('onRequest', (request, reply, done) => {
    // Responses are not cacheable unless their route sets otherwise.
    void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    const limits = request.rateLimit ?? [];
    for (let i = 0; i < limits.length; i += 2) void reply.header(limits[i]!, limits[i + 1]!);
    done();
  });
  setSecurityHeaders(fastify, publicUrl);
  refuseUnauthenticated(fastify, app.get(VerifiedTokens), scheduler, refusals);
  limitBodies(fastify);
  acceptJsonOnly(fastify);
  scheduleRequests(fastify, scheduler, refusals);
  const beginToRefuse = refuseUnmatched(fastify, scheduler, refusals);
  observeRequests(fastify, registry, logger);
  await app.register(fastifyCookie);

  app.useWebSocketAdapter(new SocketAdapter(app, app.get(BACKPLANE), app.get(LiveMetrics), config));
  registerHealthChecks(app);
  observeParts(app);

  serveOpenApi(app, createDocument(app));
  if (config.SPA_DIR !== undefined) {
    await serveSinglePageApp(app, config.SPA_DIR, scheduler, refusals);
  }
  beginToRefuse();
  return app;
}

/** Sets the routes' paths, also for the OpenAPI document alone. */
export function prepareHttp(app: INestApplication): void {
  app.setGlobalPrefix('api/v1', {
    exclude: [{ path: 'health/*path', method: RequestMethod.ALL }],
  });
}

export function createDocument(app: INestApplication) {
  return createOpenApiDocument(app, [ShowsUpdated, ServerStopping]);
}

function createFastifyAdapter(config: ApiConfig): FastifyAdapter {
  const requestTimeout = config.REQUEST_TIMEOUT_SECONDS * 1_000;
  const headers = securityHeadersOfApi(config.publicUrl);
  return new FastifyAdapter({
    http: {
      headersTimeout: Math.min(MAX_HEADERS_MS, requestTimeout),
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    requestTimeout,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerFrameworkErrors(headers),
    clientErrorHandler: answerClientErrors(headers),
    trustProxy: trustProxies(config.TRUST_PROXY_HOPS),
    logger: false,
    // Idle connections are closed at once when the process stops; those in use finish.
    forceCloseConnections: 'idle',
    // Requests on connections that are still open are answered, not shed.
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
