import { setTimeout as sleep } from 'node:timers/promises';
import {
  BookingEngine,
  isDataError,
  AvailabilityUpdates,
  OutboxClaims,
  type ClaimedEvent,
  type EventOutcome,
} from '@modex/domain';
import { LOGGER, WakeUpSignal, type Logger } from '@modex/platform';
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

/** Longest time between two claims without a wake-up signal. Milliseconds. */
const POLL_MS = 1_000;
/** Pause after a claim that found little, so that a busy sale is relayed in larger claims. Milliseconds. */
const PAUSE_MS = 100;
/** Events that a throttled relay claims each second. */
const THROTTLED_PACE = 5;
/** How long a shutdown waits for events that are being published. Milliseconds. */
const SHUTDOWN_MS = 5_000;

interface Claim {
  /** When it expires, by this process's monotonic clock. */
  endsAt: number;
  /** Events that are not settled yet. */
  open: number;
}

/** Publishes events of the outbox to the transport. Any number of relays may run in parallel. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly wakeUp = new WakeUpSignal();
  private readonly stop = new AbortController();
  private readonly claimsInUse = new Map<string, Claim>();
  private readonly runs = new Set<Promise<void>>();
  private readonly subscriptions: Subscription[];
  private inFlight = 0;
  /** When it claimed last, by this process's monotonic clock. */
  private claimedAt = -Infinity;
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

  /** Finishes what is being published and releases what was not begun. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.wakeUp.raise();
    await this.working;
    // What takes longer keeps its claim, which expires by itself.
    await Promise.race([Promise.all(this.runs), sleep(SHUTDOWN_MS, null, { ref: false })]);
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

  /** How many more events to claim now. */
  private roomNow(): number {
    const { capacity, isReady } = this.transport;
    const free = capacity - this.inFlight;
    // A small claim costs as much as a large one.
    if (!isReady || free < capacity / 4) return 0;
    if (!this.throttle.isOn) return free;
    const isRested = performance.now() >= this.claimedAt + 1_000;
    return isRested ? Math.min(free, THROTTLED_PACE) : 0;
  }

  /** Claims events and begins to publish them. Resolves to their number. */
  private async begin(limit: number): Promise<number> {
    this.claimedAt = performance.now();
    const endsAt = this.claimedAt + this.claims.leaseMs;
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
      const publishing = this.publish(run, claim).finally(() => this.runs.delete(publishing));
      this.runs.add(publishing);
    }
    return events.length;
  }

  private async publish(run: ClaimedEvent[], claim: Claim): Promise<void> {
    const isOver = () => this.isStopped || performance.now() > claim.endsAt;
    const result = await this.transport.publish(run, isOver);
    if (result.error !== undefined) {
      const { event, attempts } = run[result.published]!;
      const { id, type } = event;
      this.logger.warn({ err: result.error, event: id, type, attempts }, 'an event failed');
    }
    this.outcomes.push(...outcomesOf(run, result));
    this.settling ??= this.settleAll().finally(() => (this.settling = null));
  }

  /** One transaction after the other, each with all outcomes since the last. */
  private async settleAll(): Promise<void> {
    // Outcomes of the same iteration of the event loop are settled together.
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
        // Without a settled outcome the events are published again when their claims have expired.
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

  /** Extends the claims of slow handlers. */
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

  /** Logs once that the database is away, and once that it is back. */
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
