import { setTimeout as sleep } from 'node:timers/promises';
import { BookingEngine, EventSequencer, AvailabilityUpdates } from '@modex/domain';
import { LOGGER, WakeUpSignal, type Logger } from '@modex/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';

/** Longest time between two passes. Milliseconds. */
const POLL_MS = 1_000;
/** Shortest time between two passes, so that a busy sale is numbered in large pages. Milliseconds. */
const PAUSE_MS = 500;

/**
 * Assigns positions in the event stream to committed events. It runs beside the relay, so neither
 * handlers nor relay throttling delay the stream.
 */
@Injectable()
export class EventNumbering implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly wakeUp = new WakeUpSignal();
  private readonly stop = new AbortController();
  private readonly subscriptions: Subscription[];
  private working: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly sequencer: EventSequencer,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(BookingEngine) engine: Pick<BookingEngine, 'changes'>,
    updates: AvailabilityUpdates,
  ) {
    const wake = () => this.wakeUp.raise();
    this.subscriptions = [engine.changes.subscribe(wake), updates.updates.subscribe(wake)];
  }

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.wakeUp.raise();
    await this.working;
  }

  private async work(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await this.assignPositions();
      await sleep(PAUSE_MS, null, { signal }).catch(() => {});
      if (!signal.aborted) await this.wakeUp.wait(POLL_MS - PAUSE_MS);
    }
  }

  private async assignPositions(): Promise<void> {
    try {
      await this.sequencer.assignPositions(this.stop.signal);
      if (this.isFailing) this.logger.info('events get their positions again');
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ err: error }, 'events get no positions');
      this.isFailing = true;
    }
  }
}
