import type { DataSource } from 'typeorm';
import type { DatabaseClock } from '../database/database-clock.js';
import { storableText } from '../database/storable-text.js';
import { Notification } from './notification.entity.js';

export type NotificationDraft = Pick<
  Notification,
  'id' | 'userId' | 'eventId' | 'channel' | 'kind' | 'recipient' | 'showId' | 'bookingId'
>;

/** Somebody's right to send a message, for a while. */
export interface Claim {
  /** The notification's; the same at every attempt. */
  id: string;
  attempt: number;
}

/** The longest a message may be under way before another process may send it. Milliseconds. */
export const CLAIM_MS = 120_000;
const MAX_ERROR_LENGTH = 500;

/**
 * Who may send a message, and what became of it. Claims are made and won by the unique key on
 * `(event_id, channel, recipient)`, so that two who handle one fact at once send one message.
 */
export class NotificationRecord {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Takes a message that nobody has sent or is sending. Repeated with the same id, it takes what it
   * took if only the answer was lost.
   * @returns the claim; `done` if it was sent or has failed for good; `busy` if somebody else is at it
   */
  async claim(draft: NotificationDraft): Promise<Claim | 'done' | 'busy'> {
    const now = await this.clock.now();
    const { id, userId, eventId, channel, kind, recipient, showId, bookingId } = draft;
    const [claimed] = await this.dataSource.query<Claim[]>(
      `INSERT INTO notifications AS n
         (id, user_id, event_id, channel, kind, recipient, show_id, booking_id, claimed_until,
          created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (event_id, channel, recipient) DO UPDATE
       SET claimed_until = excluded.claimed_until, attempts = n.attempts + 1
       WHERE n.status = 'PENDING'
         AND (n.id = $1 OR n.claimed_until IS NULL OR n.claimed_until <= $10)
       RETURNING n.id, n.attempts AS attempt`,
      [
        id,
        userId,
        eventId,
        channel,
        kind,
        recipient,
        showId,
        bookingId,
        new Date(now.getTime() + CLAIM_MS),
        now,
      ],
    );
    if (claimed) return claimed;
    const pending = await this.dataSource.manager.existsBy(Notification, {
      eventId,
      channel,
      recipient,
      status: 'PENDING',
    });
    return pending ? 'busy' : 'done';
  }

  /** @param messageId what its server calls it */
  async sent({ id }: Claim, messageId: string | null): Promise<void> {
    await this.dataSource.manager.update(
      Notification,
      { id },
      {
        status: 'SENT',
        sentAt: await this.clock.now(),
        messageId,
        claimedUntil: null,
        error: null,
      },
    );
  }

  /** For good: nobody tries again. */
  async failed(claim: Claim, reason: string): Promise<void> {
    await this.letGo(claim, reason, 'FAILED');
  }

  /** For now: whoever handles the fact next may try at once. */
  async postponed(claim: Claim, reason: string): Promise<void> {
    await this.letGo(claim, reason, 'PENDING');
  }

  /** Only while it is this claim's: what a slower process did since is not undone. */
  private async letGo(
    { id, attempt }: Claim,
    reason: string,
    status: 'FAILED' | 'PENDING',
  ): Promise<void> {
    await this.dataSource.manager.update(
      Notification,
      { id, status: 'PENDING', attempts: attempt },
      { status, error: storableText(reason, MAX_ERROR_LENGTH), claimedUntil: null },
    );
  }
}
