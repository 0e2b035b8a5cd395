import { CLAIM_MS, newId, NotificationRecord, type NotificationChannel } from '@modex/domain';
import { LOGGER, traced, TRACING, type Logger, type Tracing } from '@modex/platform';
import {
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { Counter, Registry } from 'prom-client';
import { CHANNELS, type Channel } from './channel.js';
import { retryWithBackoff } from './retry-with-backoff.js';
import type { Message } from './message.js';
import { SendFailure } from './send-failure.js';

/** What may become of an attempt. */
const RESULTS = ['sent', 'failed', 'postponed'] as const;

/** Sends what somebody is to be told over every channel that they want, each message once. */
@Injectable()
export class NotificationSender implements OnModuleDestroy, OnApplicationShutdown {
  private readonly limits: ReadonlyMap<NotificationChannel, LimitFunction>;
  private readonly counter: Counter<'channel' | 'result'>;
  private readonly stop = new AbortController();

  constructor(
    private readonly record: NotificationRecord,
    @Inject(CHANNELS) private readonly channels: readonly Channel[],
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    this.limits = new Map(channels.map(({ name, atOnce }) => [name, pLimit(atOnce)]));
    this.counter = new Counter({
      name: 'modex_notifications_total',
      help: 'Attempts to send a message, by channel and by what became of them.',
      labelNames: ['channel', 'result'],
      registers: [registry],
    });
    for (const { name: channel } of channels) {
      for (const result of RESULTS) this.counter.inc({ channel, result }, 0);
    }
  }

  /** @returns the failures that another attempt may mend; what could be sent was sent */
  async send(messages: readonly Message[]): Promise<unknown[]> {
    const outcomes = await Promise.allSettled(
      messages.flatMap((each) => this.channels.map((channel) => this.sendOver(channel, each))),
    );
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  }

  onModuleDestroy(): void {
    this.stop.abort();
  }

  onApplicationShutdown(): void {
    for (const channel of this.channels) channel.close();
  }

  private async sendOver(channel: Channel, message: Message): Promise<void> {
    const recipient = channel.recipientOf(message);
    if (recipient === null) return;
    // The turn comes before the claim, so that no claim lapses while its message stands in line.
    await this.limits.get(channel.name)!(() => this.sendOnce(channel, message, recipient));
  }

  private async sendOnce(channel: Channel, message: Message, recipient: string): Promise<void> {
    const { kind, eventId, user, show, bookings } = message;
    const draft = {
      id: newId(),
      userId: user.id,
      eventId,
      channel: channel.name,
      kind,
      recipient,
      showId: show.id,
      bookingId: bookings.length === 1 ? bookings[0].id : null,
    };
    const claim = await this.retryWithBackoff(() => this.record.claim(draft));
    if (claim === 'done') return;
    if (claim === 'busy') {
      throw new SendFailure(`the ${channel.name} of event ${eventId} is under way`, 'later');
    }
    const count = (result: (typeof RESULTS)[number]) =>
      this.counter.inc({ channel: channel.name, result });
    let messageId: string | null;
    try {
      const attributes = { 'modex.notification': claim.id };
      messageId = await traced(this.tracing, `send ${channel.name}`, { attributes }, () =>
        channel.send(message, recipient, claim),
      );
    } catch (error) {
      const reason = reasonOf(error);
      if (error instanceof SendFailure && error.kind === 'refused') {
        count('failed');
        this.logger.warn({ err: error, notification: claim.id }, 'a message was refused');
        await this.retryWithBackoff(() => this.record.failed(claim, reason));
        return;
      }
      count('postponed');
      await this.retryWithBackoff(() => this.record.postponed(claim, reason));
      throw error;
    }
    count('sent');
    await this.retryWithBackoff(() => this.record.sent(claim, messageId));
  }

  /**
   * What is claimed, and what became of it, is written down however long the database is away:
   * otherwise everybody, this process too, would wait for the claim's end.
   */
  private retryWithBackoff<T>(work: () => Promise<T>): Promise<T> {
    return retryWithBackoff(work, CLAIM_MS, this.stop.signal);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SendFailure) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
