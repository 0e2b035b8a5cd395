import { setTimeout as sleep } from 'node:timers/promises';
import { CLAIM_MS, type ClaimedNotifications, type NotificationOutcome } from '@modex/domain';
import { traced, WakeUpSignal } from '@modex/platform';
import pLimit, { type LimitFunction } from 'p-limit';
import { failedOutcomes, sentOutcomes, waitingOutcomes } from './attempt.js';
import { ChannelPause } from './channel-pause.js';
import type { Channel } from './channel.js';
import { chooseMessages, type ChosenMessage } from './choose-messages.js';
import { retryWithBackoff } from './retry-with-backoff.js';
import { SendFailure } from './send-failure.js';
import type { SenderServices } from './sender-services.js';

/** How often it looks for due notifications that nobody told it of. Milliseconds. */
const POLL_MS = 1_000;
/** Longest time that an attempt takes: an SMTP server that answers each command slowly. Milliseconds. */
const LONGEST_SEND_MS = 60_000;
/** How long a stop waits for messages that are being sent. Milliseconds. */
const PATIENCE_MS = 5_000;
/** How long a claim's messages are sent as they were chosen, before they are chosen anew. Milliseconds. */
const FRESH_MS = 2_000;
/** Claimed users for each message that is sent at once, so that the next is ready. */
const CLAIMED_PER_SEND = 4;

/** Sends what is due over one channel: a bounded number at once, one message for each recipient. */
export class ChannelSender {
  private readonly wakeUp = new WakeUpSignal();
  private readonly stopping = new AbortController();
  private readonly limit: LimitFunction;
  private readonly capacity: number;
  private readonly pause = new ChannelPause();
  private readonly inFlight = new Set<Promise<void>>();
  private working: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly channel: Channel,
    private readonly services: SenderServices,
  ) {
    this.limit = pLimit(channel.atOnce);
    this.capacity = CLAIMED_PER_SEND * channel.atOnce;
  }

  start(): void {
    this.working = this.work();
  }

  wake(): void {
    this.wakeUp.raise();
  }

  /** Finishes what is being sent, as long as a stop has time for it, and releases the rest. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.working;
    // Whatever takes longer keeps its claim, which ends by itself.
    await Promise.race([Promise.all(this.inFlight), sleep(PATIENCE_MS, null, { ref: false })]);
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      const room = this.room();
      if (room > 0 && (await this.begin(room)) > 0) continue;
      await this.wakeUp.wait(Math.max(this.pause.restMs, POLL_MS));
    }
  }

  /** For so many users more. While the server is away one message at a time tries it. */
  private room(): number {
    if (this.pause.restMs > 0) return 0;
    if (this.pause.isAway) return this.inFlight.size === 0 ? 1 : 0;
    const free = this.capacity - this.inFlight.size;
    return free >= this.capacity / 2 ? free : 0;
  }

  /** Resolves to how many were claimed. */
  private async begin(limit: number): Promise<number> {
    let claims: ClaimedNotifications[];
    const claimedAt = performance.now();
    try {
      claims = await this.services.queue.claim(this.channel.name, limit);
      this.report(null);
    } catch (error) {
      this.report(error);
      return 0;
    }
    for (const claim of claims) {
      const processing = this.process(claim, claimedAt + CLAIM_MS)
        .catch((error: unknown) => this.report(error))
        .finally(() => {
          this.inFlight.delete(processing);
          this.wake();
        });
      this.inFlight.add(processing);
    }
    return claims.length;
  }

  /** @param endsAt the end of the claim, by this process's monotonic clock */
  private async process(claim: ClaimedNotifications, endsAt: number): Promise<void> {
    const { messages, skipped, recipient, allowedAt } = await this.retry(() => this.choose(claim));
    const outcomes: NotificationOutcome[] = skipped.map(({ row, reason, told }) => ({
      id: row.id,
      status: 'SKIPPED',
      attempted: false,
      error: reason,
      ...(told && { told }),
    }));
    this.count('skipped', skipped.length);
    const due: ChosenMessage[] = [];
    for (const message of messages) {
      const until = later(message.waitsUntil, allowedAt);
      if (until === null) due.push(message);
      else outcomes.push(...waitingOutcomes(message, until));
    }
    if (due.length === 0 || recipient === null) return this.settle(claim, outcomes);
    const chosenAt = performance.now();
    // One after the other. Until one is recorded it counts as being sent: a crash repeats one at most.
    for (const [i, message] of due.entries()) {
      await this.limit(async () => {
        const now = performance.now();
        const isStale = i > 0 && now > chosenAt + FRESH_MS;
        const mayBegin = now < endsAt - LONGEST_SEND_MS;
        const isHeldBack = this.isStopped || this.pause.restMs > 0 || !mayBegin || isStale;
        const until = i === 0 || isHeldBack ? null : await this.allowedAt(claim, recipient);
        const isFree = !isHeldBack && until === null;
        const own = isFree
          ? await this.send(message, recipient)
          : waitingOutcomes(message, until ?? undefined);
        await this.settle(claim, [...outcomes.splice(0), ...own]);
      });
    }
  }

  private async choose(claim: ClaimedNotifications) {
    const { audience, history, clock, coalescingMs } = this.services;
    const { userId, showId, rows, channel } = claim;
    const named = rows.flatMap(({ kind, bookingId }) =>
      kind === 'SHOW_CHANGED' || bookingId === null ? [] : [bookingId],
    );
    const [now, told, found, confirmed] = await Promise.all([
      clock.now(),
      history.toldOf(userId, showId, channel),
      audience.find(showId, named),
      named.length < rows.length ? audience.confirmedOf(userId, showId) : [],
    ]);
    const foundIds = new Set(found.map(({ id }) => id));
    const bookings = [...found, ...confirmed.filter(({ id }) => !foundIds.has(id))];
    const user = bookings[0]?.user;
    const recipient = user ? this.channel.recipientOf(user) : null;
    if (user && recipient === null) {
      const reason = 'the user does not want it';
      const skipped = rows.map((row) => ({ row, reason, told: undefined }));
      return { messages: [], skipped, recipient, allowedAt: null };
    }
    const choice = chooseMessages(rows, { now, bookings, history: told }, coalescingMs);
    const asks =
      recipient !== null && choice.messages.some(({ waitsUntil }) => waitsUntil === null);
    const allowedAt = asks ? await this.allowedAt(claim, recipient, now) : null;
    return { ...choice, recipient, allowedAt };
  }

  /** When the budgets allow another message to the recipient; null: now. */
  private async allowedAt(
    { userId, channel }: ClaimedNotifications,
    recipient: string,
    now?: Date,
  ): Promise<Date | null> {
    const { history, budgets, clock } = this.services;
    return history.allowedAt({ userId, recipient, channel }, budgets, now ?? (await clock.now()));
  }

  private async send(chosen: ChosenMessage, recipient: string): Promise<NotificationOutcome[]> {
    const { clock, tracing, logger } = this.services;
    const { id, details } = chosen.rows[0];
    const about = {
      ...(details?.traceParent !== undefined && { causes: [details.traceParent] }),
      attributes: { 'modex.notification': id },
    };
    const startedAt = performance.now();
    let messageId: string | null;
    try {
      messageId = await traced(tracing, `send ${this.channel.name}`, about, () =>
        this.channel.send(chosen.message, recipient, id),
      );
    } catch (error) {
      return this.failed(chosen, error, startedAt);
    }
    if (this.pause.succeeded()) {
      logger.info({ channel: this.channel.name }, 'messages are sent again');
    }
    this.count('sent');
    return sentOutcomes(chosen, { recipient, messageId, sentAt: await clock.now() });
  }

  private async failed(
    chosen: ChosenMessage,
    error: unknown,
    startedAt: number,
  ): Promise<NotificationOutcome[]> {
    const { clock, logger } = this.services;
    const now = await clock.now();
    const channel = this.channel.name;
    if (error instanceof SendFailure && error.kind === 'away') {
      const wasAway = this.pause.isAway;
      if (this.pause.failed(startedAt)) {
        if (!wasAway) logger.warn({ err: error, channel }, 'messages cannot be sent');
        this.count('postponed');
        // After the pause another message tries first: this one may be what the server dislikes.
        const next = new Date(now.getTime() + this.pause.restMs + 1);
        return waitingOutcomes(chosen, next, error);
      }
    }
    const outcomes = failedOutcomes(chosen, error, now);
    const isFinal = outcomes[0]!.status === 'FAILED';
    this.count(isFinal ? 'failed' : 'postponed');
    const { id } = chosen.rows[0];
    const text = isFinal ? 'a message was refused' : 'a message was not taken';
    logger.warn({ err: error, channel, notification: id }, text);
    return outcomes;
  }

  private async settle(
    { claimedUntil }: ClaimedNotifications,
    outcomes: NotificationOutcome[],
  ): Promise<void> {
    await this.retry(() => this.services.queue.settle(claimedUntil, outcomes));
  }

  /** What is claimed waits for a database that is away, as long as the claim lasts. */
  private retry<Result>(work: () => Promise<Result>): Promise<Result> {
    return retryWithBackoff(work, CLAIM_MS, this.stopping.signal);
  }

  private count(result: Parameters<SenderServices['metrics']['count']>[1], count = 1): void {
    this.services.metrics.count(this.channel.name, result, count);
  }

  /** Says once that the database is away, and once that it is back. */
  private report(error: unknown): void {
    const isFailing = error !== null;
    if (isFailing === this.isFailing) return;
    this.isFailing = isFailing;
    const { logger } = this.services;
    const channel = this.channel.name;
    if (isFailing) logger.warn({ err: error, channel }, 'notifications cannot be read');
    else logger.info({ channel }, 'notifications are read again');
  }
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
