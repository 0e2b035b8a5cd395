import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { overloaded } from '@modex/domain';
import { fromDomain } from './problem.js';
import type { Refusals } from './refusals.js';

/** What one turn of the event loop has room for: well under a millisecond's work. */
const ROOM = 16;
/** Most requests of a class that wait; past that the answer is 503. */
const MAX_WAITING = 2_000;

/**
 * The classes of requests: what one costs, in parts of a turn's room, and the share of the room that
 * the class gets while others wait too. Of several that are due, the first here goes first.
 */
const CLASSES = {
  /** Confirm, cancel and reduce: whoever has slots already. */
  changes: { cost: 4, weight: 8 },
  probes: { cost: 1, weight: 4 },
  holds: { cost: 4, weight: 4 },
  /** Served from the first hook, without the handler. */
  cached: { cost: 1, weight: 4 },
  others: { cost: 4, weight: 4 },
  /** Never reach a handler: no such route, no valid token. */
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
  /** Up to where the lane's share is used up, in virtual time. */
  usedUpTo: number;
}

/**
 * Serves a few requests in each turn of the event loop and leaves the others for the next, so that
 * the loop yields to the database's answers in between: a whole batch waits for one with its show
 * locked. Which go next is start-time fair queueing (Goyal 1996): each class gets its share of the
 * room by weight, and one that has been quiet goes first, so no class can starve another.
 */
export class RequestScheduler {
  private readonly lanes: Record<RequestClass, Lane>;
  private readonly all: readonly Lane[];
  private room = ROOM;
  private virtualTime = 0;

  /** @param yieldTo calls back once the event loop has looked at its sockets */
  constructor(private readonly yieldTo: (next: () => void) => void = setImmediate) {
    this.lanes = Object.fromEntries(
      Object.entries(CLASSES).map(([name, { cost, weight }]) => [
        name,
        { cost, weight, waiting: new Queue(), usedUpTo: 0 },
      ]),
    ) as Record<RequestClass, Lane>;
    this.all = Object.values(this.lanes);
  }

  /**
   * Calls `serve` in this turn of the event loop or a later one.
   * @returns false if too many of the class wait: then `serve` is never called
   */
  enter(serve: () => void, requestClass: RequestClass): boolean {
    const lane = this.lanes[requestClass];
    if (this.room <= 0) {
      if (lane.waiting.length >= MAX_WAITING) return false;
      lane.waiting.push(serve);
      return true;
    }
    if (this.room === ROOM) this.yieldTo(this.next);
    this.charge(lane);
    serve();
    return true;
  }

  private readonly next = (): void => {
    this.room = ROOM;
    const turn: (() => void)[] = [];
    while (this.room > 0) {
      const lane = this.due();
      if (!lane) break;
      this.charge(lane);
      turn.push(lane.waiting.shift());
    }
    if (turn.length === 0) return;
    this.yieldTo(this.next);
    for (const serve of turn) serve();
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
    this.room -= lane.cost;
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

  /** Of a queue that is not empty. */
  shift(): () => void {
    const item = this.items[this.first++]!;
    if (this.first === this.items.length) [this.items, this.first] = [[], 0];
    return item;
  }
}

/** Lets handlers run as the scheduler says; whoever has hung up meanwhile costs nothing more. */
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

/** As `RequestScheduler.enter` does, with 503 for whoever does not fit in. */
export function schedule(
  scheduler: RequestScheduler,
  refusals: Refusals,
  request: FastifyRequest,
  reply: FastifyReply,
  requestClass: RequestClass,
  serve: () => void,
): void {
  const isIn = scheduler.enter(() => {
    if (!reply.raw.destroyed) serve();
  }, requestClass);
  if (!isIn) refusals.send(request, reply, fromDomain(overloaded()));
}
