import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Problem } from './problem.js';

/** The OpenAPI 3.1 document of every route, and the payloads of the socket events as schemas. */
export function createOpenApiDocument(app: INestApplication, eventModels: Type[]): OpenAPIObject {
  const description = [
    'Hold slots, confirm them in time, or let them go. Errors are RFC 9457 problem details with a',
    'stable `code`. Lists are paged by keyset: pass `page.nextCursor` as `cursor`.',
    'Live updates come over Socket.IO at `/socket.io` (websocket): `showsUpdated` (ShowsUpdated)',
    'and, with a token in `auth.token`, `bookingUpdated` (Booking); send `watchShows { ids }` to',
    'narrow them. Additive changes only within v1.',
  ].join(' ');
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Modex Booking')
    .setDescription(description)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addCookieAuth('modex_refresh', { type: 'apiKey', in: 'cookie' }, 'refresh')
    .addTag('auth', 'Accounts and sessions')
    .addTag('shows', 'Whatever has a number of slots')
    .addTag('bookings', 'Slots held and confirmed')
    .addTag('health', 'For load balancers');
  return SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [Problem, ...eventModels],
  });
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
