import { setTimeout as sleep } from 'node:timers/promises';
import {
  BookingEngine,
  isDataError,
  AvailabilityUpdates,
  OutboxClaims,
  type ClaimedEvent,
  type EventOutcome,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { OutboxMetrics } from './outbox-metrics.js';
import { RelayThrottle } from './relay-throttle.js';
import {
  EVENT_TRANSPORT,
  type EventTransport,
  type RunResult,
} from './transports/event-transport.js';
import { WakeUpSignal } from './wake-up-signal.js';

/** How often it looks for facts that nobody has told it of. Milliseconds. */
const POLL_MS = 1_000;
/** After a look that found little, so that a busy sale is relayed in larger pieces. Milliseconds. */
const PAUSE_MS = 100;
/** How many facts a throttled relay begins to hand over each second. */
const THROTTLED_PACE = 5;
/** How long a stop waits for what is being handed over. Milliseconds. */
const PATIENCE_MS = 5_000;

interface Claim {
  /** When it runs out, by this process's monotonic clock. */
  endsAt: number;
  /** Facts that are not settled yet. */
  open: number;
}

/** Brings facts from the outbox to the transport. Any number of relays may work side by side. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly wakeUp = new WakeUpSignal();
  private readonly stop = new AbortController();
  private readonly claimsInUse = new Map<string, Claim>();
  private readonly runs = new Set<Promise<void>>();
  private readonly subscriptions: Subscription[];
  private inFlight = 0;
  /** When it looked for facts last, by this process's clock. */
  private lookedAt = -Infinity;
  private outcomes: EventOutcome[] = [];
  private settling: Promise<void> | null = null;
  private working: Promise<void> = Promise.resolve();
  private renewal: NodeJS.Timeout | undefined;
  private isFailing = false;

  constructor(
    private readonly claims: OutboxClaims,
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    private readonly metrics: OutboxMetrics,
    private readonly throttle: RelayThrottle,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(BookingEngine) engine: Pick<BookingEngine, 'changes'>,
    news: AvailabilityUpdates,
  ) {
    const wake = () => this.wakeUp.raise();
    this.subscriptions = [
      engine.changes.subscribe(wake),
      news.updates.subscribe(({ bookings }) => {
        throttle.note(bookings.length);
        wake();
      }),
    ];
    transport.onReady(wake);
  }

  onApplicationBootstrap(): void {
    this.renewal = setInterval(() => void this.renew(), this.claims.leaseMs / 3);
    this.working = this.work();
  }

  /** Finishes what is being handed over, gives back what was not begun. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.wakeUp.raise();
    await this.working;
    // Whatever takes longer than that keeps its claim, which runs out by itself.
    await Promise.race([Promise.all(this.runs), sleep(PATIENCE_MS, null, { ref: false })]);
    await this.settling;
    clearInterval(this.renewal);
    await this.transport.close();
  }

  private get isStopped(): boolean {
    return this.stop.signal.aborted;
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      const room = this.roomNow();
      if (room > 0 && (await this.begin(room)) < room) {
        await sleep(PAUSE_MS, null, { signal: this.stop.signal }).catch(() => {});
      }
      if (!this.isStopped) await this.wakeUp.wait(POLL_MS);
    }
  }

  /** For so many facts more. */
  private roomNow(): number {
    const { capacity, isReady } = this.transport;
    const free = capacity - this.inFlight;
    // A few at a time would cost as much as many.
    if (!isReady || free < capacity / 4) return 0;
    if (!this.throttle.isOn) return free;
    const isRested = performance.now() >= this.lookedAt + 1_000;
    return isRested ? Math.min(free, THROTTLED_PACE) : 0;
  }

  /** Claims and begins to hand over. Resolves to how many there were. */
  private async begin(limit: number): Promise<number> {
    // Also what finds nothing has read all that waits.
    this.lookedAt = performance.now();
    const endsAt = this.lookedAt + this.claims.leaseMs;
    let events: ClaimedEvent[];
    try {
      events = await this.claims.claim(limit);
      this.report(null);
    } catch (error) {
      this.report(error);
      return 0;
    }
    if (!events[0]) return 0;
    const claim = { endsAt, open: events.length };
    this.claimsInUse.set(events[0].claimId, claim);
    this.inFlight += events.length;
    for (const run of byAggregate(events)) {
      const handing = this.handOver(run, claim).finally(() => this.runs.delete(handing));
      this.runs.add(handing);
    }
    return events.length;
  }

  private async handOver(run: ClaimedEvent[], claim: Claim): Promise<void> {
    const isOver = () => this.isStopped || performance.now() > claim.endsAt;
    const result = await this.transport.publish(run, isOver);
    if (result.error !== undefined) {
      const { event, attempts } = run[result.published]!;
      const { id, type } = event;
      this.logger.warn({ err: result.error, event: id, type, attempts }, 'a fact failed');
    }
    this.outcomes.push(...outcomesOf(run, result));
    this.settling ??= this.settleAll().finally(() => (this.settling = null));
  }

  /** One transaction after the other, each with everything that has ended meanwhile. */
  private async settleAll(): Promise<void> {
    // What ends in the same turn of the event loop is settled together.
    await new Promise(setImmediate);
    while (this.outcomes.length > 0) {
      const outcomes = this.outcomes;
      this.outcomes = [];
      await this.settle(outcomes);
      for (const { claimed } of outcomes) this.close(claimed);
      this.wakeUp.raise();
    }
  }

  private async settle(outcomes: EventOutcome[]): Promise<void> {
    for (;;) {
      try {
        this.metrics.count(await this.claims.settle(outcomes));
        this.report(null);
        return;
      } catch (error) {
        this.report(error);
        // What the database would refuse again, or will not have in time, others repeat when the
        // claims have run out.
        const isWorthIt = outcomes.some(
          ({ claimed }) => this.claimsInUse.get(claimed.claimId)!.endsAt > performance.now(),
        );
        if (this.isStopped || !isWorthIt || isDataError(error)) return;
        await sleep(POLL_MS, null, { signal: this.stop.signal }).catch(() => {});
      }
    }
  }

  private close({ claimId }: ClaimedEvent): void {
    const claim = this.claimsInUse.get(claimId)!;
    claim.open -= 1;
    this.inFlight -= 1;
    if (claim.open === 0) this.claimsInUse.delete(claimId);
  }

  /** Some handlers take their time. */
  private async renew(): Promise<void> {
    const claims = [...this.claimsInUse];
    if (claims.length === 0) return;
    const endsAt = performance.now() + this.claims.leaseMs;
    try {
      const extended = new Set(await this.claims.extend(claims.map(([id]) => id)));
      for (const [id, claim] of claims) if (extended.has(id)) claim.endsAt = endsAt;
    } catch (error) {
      this.report(error);
    }
  }

  /** Says once that the database is away, and once that it is back. */
  private report(error: unknown): void {
    const isFailing = error !== null;
    if (isFailing === this.isFailing) return;
    this.isFailing = isFailing;
    if (isFailing) this.logger.warn({ err: error }, 'the outbox cannot be relayed');
    else this.logger.info('the outbox is relayed again');
  }
}

function byAggregate(events: readonly ClaimedEvent[]): Iterable<ClaimedEvent[]> {
  const runs = new Map<string, ClaimedEvent[]>();
  for (const each of events) {
    const { aggregateId } = each.event;
    const run = runs.get(aggregateId);
    if (run) run.push(each);
    else runs.set(aggregateId, [each]);
  }
  return runs.values();
}

function outcomesOf(run: readonly ClaimedEvent[], result: RunResult): EventOutcome[] {
  return run.map((claimed, i) => {
    if (i < result.published) return { claimed, kind: 'published' };
    const hasFailed = i === result.published && result.error !== undefined;
    return hasFailed
      ? { claimed, kind: 'failed', error: result.error }
      : { claimed, kind: 'released' };
  });
}
