import type { DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import { newId } from '../ids/new-id.js';
import type {
  Notification,
  NotificationChannel,
  NotificationDetails,
} from './notification.entity.js';

/** What is common to the notifications of one event. */
export interface PlannedEvent extends Pick<Notification, 'eventId' | 'kind' | 'showId'> {
  details: NotificationDetails;
}

/** One of them. */
export interface PlannedRecipient {
  userId: string;
  channel: NotificationChannel;
  recipient: string;
  bookingId: string | null;
}

/** Writes down who is to be told of an event. */
export class NotificationPlans {
  constructor(private readonly dataSource: DataSource) {}

  /** What was planned before stays as it is, so an event may be planned any number of times. */
  async add(
    { eventId, kind, showId, details }: PlannedEvent,
    recipients: readonly PlannedRecipient[],
  ): Promise<void> {
    if (recipients.length === 0) return;
    const rows = recipients.map(({ userId, channel, recipient, bookingId }) => ({
      id: newId(),
      user_id: userId,
      channel,
      recipient,
      booking_id: bookingId,
    }));
    await this.dataSource.query(
      `INSERT INTO notifications
         (id, user_id, event_id, channel, kind, recipient, show_id, booking_id, attempts,
          next_attempt_at, details, created_at)
       SELECT row.id, row.user_id, $2::uuid, row.channel, $3::text, row.recipient, $4::uuid,
         row.booking_id, 0, $5::timestamptz, $6::jsonb, $5::timestamptz
       FROM jsonb_to_recordset($1::jsonb) AS row
         (id uuid, user_id uuid, channel notification_channel, recipient text, booking_id uuid)
       ON CONFLICT (event_id, channel, user_id) DO NOTHING`,
      [JSON.stringify(rows), eventId, kind, showId, await readClock(this.dataSource), details],
    );
  }
}
