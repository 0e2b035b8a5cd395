import type { FastifyInstance } from 'fastify';
import { RouteSettings } from './route-settings.decorator.js';

/** Bytes. Room for the longest valid request with every character escaped, 12 bytes each. */
export const BODY_LIMITS = { usual: 8_192, booking: 16_384, show: 81_920 };

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyLimit?: number;
  }
}

/** The largest body of a route, in bytes; past that the answer is 413. */
export const BodyLimit = (bodyLimit: number): MethodDecorator => RouteSettings({ bodyLimit });

export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit ??= route.config?.bodyLimit ?? BODY_LIMITS.usual;
  });
}
