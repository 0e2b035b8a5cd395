import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { overloaded } from '@modex/domain';
import { fromDomain } from './problem.js';
import type { Refusals } from './refusals.js';

/** Cost served in one iteration of the event loop: well under a millisecond of work. */
const BUDGET = 16;
/** Most queued requests of a class; past that the answer is 503. */
const MAX_WAITING = 2_000;

/**
 * The classes of requests: the cost of one, in units of the budget, and the share of the budget that
 * the class gets while others are queued too. Ties go to the class listed first.
 */
const CLASSES = {
  /** Confirm, cancel and reduce: the customer has slots already. */
  changes: { cost: 4, weight: 8 },
  probes: { cost: 1, weight: 4 },
  holds: { cost: 4, weight: 4 },
  /** Served from the first hook, without the handler. */
  cached: { cost: 1, weight: 4 },
  others: { cost: 4, weight: 4 },
  /** Never reach a handler: unknown route, invalid token. */
  refused: { cost: 1, weight: 1 },
};

export type RequestClass = keyof typeof CLASSES;

declare module 'fastify' {
  interface FastifyContextConfig {
    requestClass?: RequestClass;
  }
}

interface Lane {
  readonly cost: number;
  readonly weight: number;
  readonly waiting: Queue;
  /** The virtual time up to which the lane has used its share. */
  usedUpTo: number;
}

/**
 * Serves a few requests in each iteration of the event loop, then yields, so that the loop reads the
 * database's answers in between: a whole batch waits for them with its show locked. The order is
 * start-time fair queueing (Goyal 1996): each class gets its share of the budget by weight, and an
 * idle class goes first, so no class can starve another.
 */
export class RequestScheduler {
  private readonly lanes: Record<RequestClass, Lane>;
  private readonly all: readonly Lane[];
  private budget = BUDGET;
  private virtualTime = 0;

  /** @param afterYield calls back once the event loop has polled its sockets */
  constructor(private readonly afterYield: (next: () => void) => void = setImmediate) {
    this.lanes = Object.fromEntries(
      Object.entries(CLASSES).map(([name, { cost, weight }]) => [
        name,
        { cost, weight, waiting: new Queue(), usedUpTo: 0 },
      ]),
    ) as Record<RequestClass, Lane>;
    this.all = Object.values(this.lanes);
  }

  /**
   * Calls `serve` in this iteration of the event loop or a later one.
   * @returns false if the queue of the class is full: then `serve` is never called
   */
  schedule(serve: () => void, requestClass: RequestClass): boolean {
    const lane = this.lanes[requestClass];
    if (this.budget <= 0) {
      if (lane.waiting.length >= MAX_WAITING) return false;
      lane.waiting.push(serve);
      return true;
    }
    if (this.budget === BUDGET) this.afterYield(this.next);
    this.charge(lane);
    serve();
    return true;
  }

  private readonly next = (): void => {
    this.budget = BUDGET;
    const served: (() => void)[] = [];
    while (this.budget > 0) {
      const lane = this.due();
      if (!lane) break;
      this.charge(lane);
      served.push(lane.waiting.shift());
    }
    if (served.length === 0) return;
    this.afterYield(this.next);
    for (const serve of served) serve();
  };

  private due(): Lane | null {
    let due: Lane | null = null;
    let earliest = Infinity;
    for (const lane of this.all) {
      if (lane.waiting.length === 0) continue;
      const start = Math.max(this.virtualTime, lane.usedUpTo);
      if (start < earliest) [due, earliest] = [lane, start];
    }
    return due;
  }

  private charge(lane: Lane): void {
    this.budget -= lane.cost;
    this.virtualTime = Math.max(this.virtualTime, lane.usedUpTo);
    lane.usedUpTo = this.virtualTime + lane.cost / lane.weight;
  }
}

/** First in, first out, in constant time. */
class Queue {
  private items: (() => void)[] = [];
  private first = 0;

  get length(): number {
    return this.items.length - this.first;
  }

  push(item: () => void): void {
    this.items.push(item);
  }

  /** The queue must not be empty. */
  shift(): () => void {
    const item = this.items[this.first++]!;
    if (this.first === this.items.length) [this.items, this.first] = [[], 0];
    return item;
  }
}

/** Runs handlers in the scheduler's order; requests whose client has disconnected are dropped. */
export function scheduleRequests(
  fastify: FastifyInstance,
  scheduler: RequestScheduler,
  refusals: Refusals,
): void {
  fastify.addHook('preValidation', (request, reply, done) => {
    const { requestClass = 'others' } = request.routeOptions.config;
    schedule(scheduler, refusals, request, reply, requestClass, done);
  });
}

/** Schedules a request, and answers 503 when the queue of its class is full. */
export function schedule(
  scheduler: RequestScheduler,
  refusals: Refusals,
  request: FastifyRequest,
  reply: FastifyReply,
  requestClass: RequestClass,
  serve: () => void,
): void {
  const isScheduled = scheduler.schedule(() => {
    if (!reply.raw.destroyed) serve();
  }, requestClass);
  if (!isScheduled) refusals.send(request, reply, fromDomain(overloaded()));
}
