import type { DomainEvent, EventHandler } from '@modex/domain';

/** Remembers what it was told, and fails where a test wants it to. */
export class RecordingHandler implements EventHandler {
  readonly name = 'recorder';
  /** Ordering keys of events, by aggregate and version. */
  readonly orderingKeys = new Map<string, string>();
  /** What it has handled, in order. */
  readonly handled: DomainEvent[] = [];
  /** What it was asked to handle, failures and all. */
  attempts = 0;
  /** How often it still fails for the versions of an aggregate, and with what. */
  private readonly failures = new Map<string, { left: number; error: Error }>();

  failFor(aggregateId: string, version: number, times: number, error = new Error('not now')): void {
    this.failures.set(`${aggregateId} ${version}`, { left: times, error });
  }

  async handle(event: DomainEvent): Promise<void> {
    this.attempts += 1;
    // Like a real handler, it does not finish in the same iteration of the event loop.
    await new Promise(setImmediate);
    const key = `${event.aggregateId} ${event.version}`;
    const failure = this.failures.get(key);
    if (failure && failure.left > 0) {
      failure.left -= 1;
      throw failure.error;
    }
    this.handled.push(event);
  }

  orderingKeyOf({ aggregateId, version }: DomainEvent): string | null {
    return this.orderingKeys.get(`${aggregateId} ${version}`) ?? null;
  }

  /** Versions that it handled of an aggregate, each at its first time. */
  versionsOf(aggregateId: string): number[] {
    const own = this.handled.filter((event) => event.aggregateId === aggregateId);
    return [...new Set(own.map(({ version }) => version))];
  }
}
