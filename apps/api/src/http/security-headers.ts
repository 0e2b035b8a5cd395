import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

export type Headers = Record<string, string>;

/**
 * Sets the security headers, which are computed once. Pages get all of them; API responses, which no
 * browser renders, get those that matter for JSON.
 */
export function setSecurityHeaders(fastify: FastifyInstance, publicUrl: URL): void {
  const ofPages = securityHeadersOfPages(publicUrl);
  const ofApi = securityHeadersOfApi(publicUrl);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.url.startsWith('/api/v1/') ? ofApi : ofPages);
    done();
  });
  // Socket.IO answers plain requests to its path, past all hooks.
  fastify.addHook('onListen', (done) => {
    fastify.server.prependListener('request', ({ url }, response) => {
      if (!url?.startsWith('/socket.io')) return;
      for (const [name, value] of Object.entries(ofApi)) response.setHeader(name, value);
    });
    done();
  });
}

/** For pages and everything else that a browser renders. */
export function securityHeadersOfPages(publicUrl: URL): Headers {
  return headersOf({
    strictTransportSecurity: publicUrl.protocol === 'https:',
    contentSecurityPolicy: contentSecurityPolicy(publicUrl),
    xFrameOptions: { action: 'deny' },
  });
}

/** For responses under `/api/v1/`. */
export function securityHeadersOfApi(publicUrl: URL): Headers {
  return headersOf({
    strictTransportSecurity: publicUrl.protocol === 'https:',
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: false,
    xDnsPrefetchControl: false,
    xFrameOptions: { action: 'deny' },
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}

/** The headers that helmet sets with these options. */
function headersOf(options: HelmetOptions): Headers {
  const headers: Headers = {};
  const response = {
    setHeader: (name: string, value: string) => (headers[name] = value),
    removeHeader: () => {},
  };
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error as Error;
  });
  return headers;
}

/**
 * Pages load everything from their own origin. The component library and Swagger UI need inline
 * styles; inline scripts are not allowed.
 */
export function contentSecurityPolicy(publicUrl: URL) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      // Includes sockets of this origin.
      connectSrc: ["'self'"],
      fontSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      ...(publicUrl.protocol === 'https:' && { upgradeInsecureRequests: [] }),
    },
  };
}
