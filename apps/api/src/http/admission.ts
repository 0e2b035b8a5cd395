import { overloaded } from '@modex/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { fromDomain } from './problem.js';
import type { Refusals } from './refusals.js';
import { RouteSettings } from './route-settings.decorator.js';

/** Most requests of a kind in flight. */
export interface AdmissionSettings {
  readonly holds: number;
  /** Confirms, cancels and reductions, with a budget of their own. */
  readonly changes: number;
}

type Kind = keyof AdmissionSettings;

declare module 'fastify' {
  interface FastifyContextConfig {
    admission?: Kind;
  }
}

/** The budget that a route's requests are admitted by. A route without one has no limit. */
export const Admission = (admission: Kind): MethodDecorator =>
  RouteSettings({ admission, requestClass: admission });

/**
 * Admission control: when the budget of in-flight requests is used up, further ones get 503 from the
 * first hook. Holds and changes have separate budgets, so a flood of holds sheds no confirm.
 */
export function controlAdmission(
  fastify: FastifyInstance,
  registry: Registry,
  refusals: Refusals,
  settings: AdmissionSettings,
): void {
  const inFlight: Record<Kind, number> = { holds: 0, changes: 0 };
  const shed = new Counter({
    name: 'modex_requests_shed_total',
    help: 'Requests answered 503 by admission control.',
    labelNames: ['kind'],
    registers: [registry],
  });
  for (const kind of Object.keys(inFlight)) shed.inc({ kind }, 0);
  const gauge = new Gauge({
    name: 'modex_requests_in_flight',
    help: 'Admitted requests that are not answered yet.',
    labelNames: ['kind'],
    registers: [],
    collect() {
      for (const [kind, count] of Object.entries(inFlight)) this.set({ kind }, count);
    },
  });
  registry.registerMetric(gauge);

  fastify.addHook('onRequest', (request, reply, done) => {
    const kind = kindOf(request);
    if (kind === null || inFlight[kind] < settings[kind]) return done();
    shed.inc({ kind });
    refusals.send(request, reply, fromDomain(overloaded()), [], 'admission');
  });
  // Counted once the body is complete: a client that sends its body slowly takes no place.
  fastify.addHook('preValidation', (request, reply, done) => {
    const kind = kindOf(request);
    if (kind !== null) {
      inFlight[kind] += 1;
      // Also emitted when the client disconnects before the answer.
      reply.raw.once('close', () => (inFlight[kind] -= 1));
    }
    done();
  });
}

function kindOf({ routeOptions }: FastifyRequest): Kind | null {
  return routeOptions.config.admission ?? null;
}
