import { overloaded } from '@modex/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { fromDomain } from './problem.js';
import type { Refusals } from './refusals.js';
import { RouteSettings } from './route-settings.decorator.js';

export interface AdmissionSettings {
  /** Most holds that are in the house at once. */
  readonly holds: number;
  /** Most confirms, cancels and reductions that are in the house at once: a budget of their own. */
  readonly changes: number;
}

type Kind = keyof AdmissionSettings;

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: Kind;
  }
}

/** By which door the requests of a route come in. A route without it is not counted. */
export const Door = (door: Kind): MethodDecorator => RouteSettings({ door, requestClass: door });

/**
 * The door: past so many requests in the house at once a further one is answered 503 before
 * anything is spent on it. Whoever holds slots comes in by another door than those who want some,
 * so that a rush on new holds turns nobody away at confirm.
 */
export function admit(
  fastify: FastifyInstance,
  registry: Registry,
  refusals: Refusals,
  settings: AdmissionSettings,
): void {
  const inside: Record<Kind, number> = { holds: 0, changes: 0 };
  const refused = new Counter({
    name: 'modex_refused_at_the_door_total',
    help: 'Requests answered 503 before any work.',
    labelNames: ['kind'],
    registers: [registry],
  });
  for (const kind of Object.keys(inside)) refused.inc({ kind }, 0);
  const gauge = new Gauge({
    name: 'modex_requests_inside',
    help: 'Requests that were let in and are not answered yet.',
    labelNames: ['kind'],
    registers: [],
    collect() {
      for (const [kind, count] of Object.entries(inside)) this.set({ kind }, count);
    },
  });
  registry.registerMetric(gauge);

  fastify.addHook('onRequest', (request, reply, done) => {
    const kind = kindOf(request);
    if (kind === null || inside[kind] < settings[kind]) return done();
    refused.inc({ kind });
    refusals.send(request, reply, fromDomain(overloaded()), [], 'door');
  });
  // Inside is who has said what they want: a body that never ends keeps nobody out.
  fastify.addHook('preValidation', (request, reply, done) => {
    const kind = kindOf(request);
    if (kind !== null) {
      inside[kind] += 1;
      // Comes also when the client goes before the answer.
      reply.raw.once('close', () => (inside[kind] -= 1));
    }
    done();
  });
}

function kindOf({ routeOptions }: FastifyRequest): Kind | null {
  return routeOptions.config.door ?? null;
}
