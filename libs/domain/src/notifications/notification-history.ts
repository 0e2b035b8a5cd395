import type { DataSource } from 'typeorm';
import type { Notification, NotificationChannel } from './notification.entity.js';

/** What a user was told of a show before, over one channel. */
export type ToldNotification = Pick<
  Notification,
  'kind' | 'bookingId' | 'status' | 'sentAt' | 'told'
>;

/** Most messages within a window; 0: any number. */
export interface NotificationBudgets {
  perRecipient: number;
  perAccount: number;
  windowMs: number;
}

/** Reads what was sent to somebody. */
export class NotificationHistory {
  constructor(private readonly dataSource: DataSource) {}

  /** In no order. */
  async toldOf(
    userId: string,
    showId: string,
    channel: NotificationChannel,
  ): Promise<ToldNotification[]> {
    return this.dataSource.query<ToldNotification[]>(
      `SELECT kind, booking_id AS "bookingId", status, sent_at AS "sentAt", told
       FROM notifications
       WHERE user_id = $1 AND show_id = $2 AND channel = $3
         AND (status = 'SENT' OR told IS NOT NULL)`,
      [userId, showId, channel],
    );
  }

  /** When the budgets allow another message; null: now. */
  async allowedAt(
    to: { userId: string; recipient: string; channel: NotificationChannel },
    { perRecipient, perAccount, windowMs }: NotificationBudgets,
    now: Date,
  ): Promise<Date | null> {
    // With as many in the window as are allowed, the oldest of them has to leave it.
    const [row] = await this.dataSource.query<{ oldest: Date | null }[]>(
      `SELECT greatest(
         (SELECT sent_at FROM notifications
          WHERE $5::int > 0 AND recipient = $1 AND channel = $2 AND sent_at > $4
          ORDER BY sent_at DESC OFFSET greatest($5::int - 1, 0) LIMIT 1),
         (SELECT sent_at FROM notifications
          WHERE $6::int > 0 AND user_id = $3 AND sent_at > $4
          ORDER BY sent_at DESC OFFSET greatest($6::int - 1, 0) LIMIT 1)) AS oldest`,
      [
        to.recipient,
        to.channel,
        to.userId,
        new Date(now.getTime() - windowMs),
        perRecipient,
        perAccount,
      ],
    );
    return row?.oldest ? new Date(row.oldest.getTime() + windowMs) : null;
  }
}
