import type { DomainEvent, EventHandler } from '@modex/domain';

interface Aggregate {
  /** What all further work waits for. */
  all: Promise<unknown>;
  /** The last work of each ordering key since then. */
  keys: Map<string, Promise<unknown>>;
  /** How much work has not ended. */
  open: number;
}

/**
 * Runs a handler in parallel as far as the order of events allows: each event after the earlier ones
 * of its aggregate, except those with another ordering key.
 */
export class KeyedExecutor {
  private readonly aggregates = new Map<string, Aggregate>();

  constructor(private readonly handler: EventHandler) {}

  async run<Result>(event: DomainEvent, work: () => Promise<Result>): Promise<Result> {
    const { aggregateId } = event;
    const key = this.handler.orderingKeyOf?.(event) ?? null;
    const aggregate = this.aggregates.get(aggregateId) ?? newAggregate();
    this.aggregates.set(aggregateId, aggregate);
    aggregate.open += 1;
    const result = after(aggregate, key, work);
    try {
      return await result;
    } finally {
      aggregate.open -= 1;
      if (aggregate.open === 0) this.aggregates.delete(aggregateId);
    }
  }
}

function newAggregate(): Aggregate {
  return { all: Promise.resolve(), keys: new Map(), open: 0 };
}

/** @returns the result of the work, which begins after what it has to wait for */
function after<Result>(
  aggregate: Aggregate,
  key: string | null,
  work: () => Promise<Result>,
): Promise<Result> {
  if (key !== null) {
    const result = follow([aggregate.keys.get(key) ?? aggregate.all], work);
    aggregate.keys.set(key, result);
    const forget = () => {
      if (aggregate.keys.get(key) === result) aggregate.keys.delete(key);
    };
    // A show on sale always has work, so its keys would never be removed otherwise.
    result.then(forget, forget);
    return result;
  }
  const result = follow([aggregate.all, ...aggregate.keys.values()], work);
  aggregate.all = result;
  aggregate.keys.clear();
  return result;
}

async function follow<Result>(
  before: Promise<unknown>[],
  work: () => Promise<Result>,
): Promise<Result> {
  await Promise.allSettled(before);
  return work();
}
