import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from './api-problem.decorator.js';
import { BODY_LIMITS } from './body-limit.js';
import { Problem } from './problem.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

const METHODS = ['get', 'post', 'patch', 'delete'] as const;
/** Refusals before the route's handler, by status. */
const OF_EVERY_ROUTE: readonly [number, string][] = [
  [429, 'RATE_LIMITED'],
  [503, 'UNAVAILABLE'],
];
const OF_EVERY_CHANGE: readonly [number, string][] = [
  [400, 'BAD_REQUEST'],
  [408, 'REQUEST_TIMEOUT'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
];

/** The OpenAPI 3.1 document of every route, and the payloads of the socket events as schemas. */
export function createOpenApiDocument(app: INestApplication, eventModels: Type[]): OpenAPIObject {
  const description = [
    'Hold slots, confirm them in time, or let them go. Errors are RFC 9457 problem details with a',
    'stable `code`. Lists are paged by keyset: pass `page.nextCursor` as `cursor`.',
    'Live updates come over Socket.IO at `/socket.io` (websocket): `showsUpdated` (ShowsUpdated)',
    'and, with a token in `auth.token`, `bookingUpdated` (Booking); send `watchShows { ids }` to',
    'narrow them. Additive changes only within v1.',
    `A body has at most ${BODY_LIMITS.usual} bytes, of a booking ${BODY_LIMITS.booking}, of a show`,
    `${BODY_LIMITS.show}; it is nested at most 8 deep and has at most 200 properties and list items,`,
    'and a query at most 200 parameters. Requests are limited by address and route: 1200 a minute,',
    'sign-in and registration 20, unless configured otherwise; `RateLimit-Policy` and',
    '`RateLimit` (draft-ietf-httpapi-ratelimit-headers) carry the state.',
  ].join(' ');
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Modex Booking')
    .setDescription(description)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addCookieAuth('modex_refresh', { type: 'apiKey', in: 'cookie' }, 'refresh')
    .addTag('auth', 'Accounts and sessions')
    .addTag('shows', 'Whatever has a number of slots')
    .addTag('bookings', 'Slots held and confirmed')
    .addTag('health', 'For load balancers');
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [Problem, ...eventModels],
  });
  for (const [path, item] of Object.entries(document.paths)) completeItem(path, item);
  return document;
}

/** Adds the responses that all routes have in common. */
function completeItem(path: string, item: PathItem): void {
  for (const method of METHODS) {
    const operation = item[method];
    if (!operation) continue;
    // Explicit on every route, so that a public one cannot be mistaken for an omission.
    operation.security ??= [];
    if (!path.startsWith('/api/v1/')) continue;
    for (const [status, code] of OF_EVERY_ROUTE) document(operation, status, code);
    if (method === 'get') continue;
    for (const [status, code] of OF_EVERY_CHANGE) document(operation, status, code);
  }
}

function document({ responses }: Operation, status: number, code: string): void {
  const described = responses[status];
  const codes = described && 'description' in described ? described.description.split(', ') : [];
  if (codes.includes(code)) return;
  responses[status] = problemResponse(status, [...codes, code]);
}

type Type = new () => object;

/** Serves the document at `/api/openapi.json` and Swagger UI at `/api/docs`. */
export function serveOpenApi(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Modex Booking API',
  });
}
