import {
  BookingAudience,
  DatabaseClock,
  decodeBookingId,
  notificationOf,
  NotificationPlans,
  showEndsAt,
  TransientError,
  type DomainEvent,
  type EventHandler,
  type NotificationDetails,
  type NotificationKind,
  type PlannedEvent,
  type PlannedRecipient,
} from '@modex/domain';
import { traced, TRACING, type Tracing } from '@modex/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { WorkerConfig } from '../config/worker-config.js';
import { CHANNELS, type Channel, type Reachable } from './channel.js';
import { NotificationSender } from './notification-sender.js';
import { retryWithBackoff, waitsForDatabase } from './retry-with-backoff.js';
import { planFrom } from './show-plan.js';

/** How long an event waits for the database without counting as failed. Milliseconds. */
const PATIENCE_MS = 5 * 60_000;
/** People of a changed show that are planned in one statement. */
const PAGE_SIZE = 1_000;

/** Names its queue. */
export const NOTIFICATION_HANDLER = 'notifications';

/** Decides who is told of an event, and writes that down for the senders. */
@Injectable()
export class NotificationPlanner implements EventHandler, OnModuleDestroy {
  readonly name = NOTIFICATION_HANDLER;
  private readonly stop = new AbortController();

  constructor(
    private readonly audience: BookingAudience,
    private readonly plans: NotificationPlans,
    private readonly clock: DatabaseClock,
    @Inject(CHANNELS) private readonly channels: readonly Channel[],
    private readonly sender: NotificationSender,
    private readonly config: WorkerConfig,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {}

  onModuleDestroy(): void {
    this.stop.abort();
  }

  /** Planning one booking needs nothing that is planned for another. */
  orderingKeyOf({ payload }: DomainEvent): string | null {
    return typeof payload['bookingId'] === 'string' ? payload['bookingId'] : null;
  }

  /** @throws `TransientError` if the database is away for long */
  async handle(event: DomainEvent): Promise<void> {
    if (this.channels.length === 0) return;
    try {
      await retryWithBackoff(() => this.plan(event), PATIENCE_MS, this.stop.signal);
    } catch (error) {
      throw waitsForDatabase(error) ? new TransientError(error) : error;
    }
  }

  private async plan(event: DomainEvent): Promise<void> {
    const kind = notificationOf(event);
    if (kind === 'SHOW_CHANGED') return this.planShow(event);
    if (kind === null || (kind === 'HOLD_MADE' && this.config.NOTIFY_HOLDS === 'off')) return;
    const key = decodeBookingId(String(event.payload['bookingId']));
    const user = key && (await this.audience.findUser(String(event.payload['userId'])));
    if (!user) return;
    const recipients = this.recipients({ ...user, userId: user.id, bookingId: key.bookingId });
    await this.add(event, kind, recipients);
  }

  /** A show that changed concerns everybody who has booked it, unless it is past. */
  private async planShow(event: DomainEvent): Promise<void> {
    const replaced = (event.payload['previous'] ?? {}) as Record<string, unknown>;
    const previous = planFrom(replaced);
    if (Object.keys(previous).length === 0) return;
    const show = await this.audience.findShow(event.aggregateId);
    const now = await this.clock.now();
    if (show?.status !== 'SCHEDULED') return;
    if (showEndsAt(show) <= now && showEndsAt({ ...show, ...previous }) <= now) return;
    const ofEvent = Object.fromEntries(
      Object.entries(replaced).filter(([field]) => field in previous),
    ) as Record<string, string | null>;
    for await (const people of this.audience.confirmed(show.id, PAGE_SIZE)) {
      const recipients = people.flatMap((person) => this.recipients(person));
      await this.add(event, 'SHOW_CHANGED', recipients, ofEvent);
    }
  }

  private recipients(
    person: Reachable & Pick<PlannedRecipient, 'userId' | 'bookingId'>,
  ): PlannedRecipient[] {
    const { userId, bookingId } = person;
    return this.channels.flatMap((channel) => {
      const recipient = channel.recipientOf(person);
      return recipient === null ? [] : [{ userId, channel: channel.name, recipient, bookingId }];
    });
  }

  private async add(
    event: DomainEvent,
    kind: NotificationKind,
    recipients: PlannedRecipient[],
    previous?: NonNullable<NotificationDetails['previous']>,
  ): Promise<void> {
    if (recipients.length === 0) return;
    await traced(this.tracing, 'plan notifications', {}, (traceParent) => {
      const details = {
        occurredAt: event.createdAt,
        ...(previous && { previous }),
        ...(traceParent !== undefined && { traceParent }),
      };
      const planned: PlannedEvent = { eventId: event.id, kind, showId: event.aggregateId, details };
      return this.plans.add(planned, recipients);
    });
    this.sender.wake();
  }
}
