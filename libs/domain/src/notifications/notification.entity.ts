import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { User } from '../users/user.entity.js';

export const NOTIFICATION_CHANNELS = ['EMAIL', 'SMS'] as const;
export type NotificationChannel = (typeof NOTIFICATION_CHANNELS)[number];

export const NOTIFICATION_STATUSES = ['PENDING', 'SENT', 'FAILED', 'SKIPPED'] as const;
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** What somebody is told. */
export const NOTIFICATION_KINDS = [
  'HOLD_MADE',
  'BOOKING_CONFIRMED',
  'BOOKING_REDUCED',
  'BOOKING_CANCELLED',
  'SHOW_CHANGED',
  'SHOW_CANCELLED',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What the event said that a message may need and that is not read when it is sent. */
export interface NotificationDetails {
  /** When it happened. ISO 8601. */
  occurredAt: string;
  /** What an edit of the show replaced, by field, in the event's own form. */
  previous?: Record<string, string | null>;
  /** Where the planning stands in its trace, as the W3C's header `traceparent`. */
  traceParent?: string;
}

/** What somebody knows of a show and of their bookings of it, once this was sent. */
export interface ToldState {
  /** Of the show when it was read: the highest is what they were told last. */
  version: number;
  /** The fields of the show that people plan by. */
  plan: Record<string, string | null>;
  /** The slots of each booking that the message is about, 0 for a cancelled one. */
  bookings: Record<string, number>;
}

/**
 * One message to one user over one channel: PENDING from when it is planned, claimed for a while by
 * whoever sends it, and the record of what became of it. The unique key recognises an event that is
 * planned again.
 */
@Entity('notifications')
@Index('notifications_event_id_channel_user_id_key', ['eventId', 'channel', 'userId'], {
  unique: true,
})
@Index('notifications_user_id_idx', ['userId', 'id'])
@Index('notifications_user_id_show_id_idx', ['userId', 'showId'])
@Index('notifications_show_id_idx', ['showId', 'id'])
@Index('notifications_unsent_idx', ['status', 'id'], { where: `status <> 'SENT'` })
@Index('notifications_pending_idx', ['channel', 'showId', 'nextAttemptAt', 'id'], {
  where: `status = 'PENDING'`,
})
@Index('notifications_claimed_idx', ['recipient'], {
  where: `status = 'PENDING' AND claimed_until IS NOT NULL`,
})
@Index('notifications_recipient_sent_at_idx', ['recipient', 'sentAt'], {
  where: 'sent_at IS NOT NULL',
})
@Index('notifications_user_id_sent_at_idx', ['userId', 'sentAt'], { where: 'sent_at IS NOT NULL' })
export class Notification {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'notifications_pkey' })
  id: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'notifications_user_id_fkey' })
  user?: Relation<User>;

  /** The event that it tells of. */
  @Column({ name: 'event_id', type: 'uuid' })
  eventId: string;

  @Column({ type: 'enum', enum: NOTIFICATION_CHANNELS, enumName: 'notification_channel' })
  channel: NotificationChannel;

  @Column({ type: 'text' })
  kind: NotificationKind;

  /** The e-mail address or phone number, as it was when this was planned or, later, sent. */
  @Column({ type: 'text' })
  recipient: string;

  /** Without a foreign key: a show may lie on another shard, and may be deleted. */
  @Column({ name: 'show_id', type: 'uuid' })
  showId: string;

  /** Null where it is about several bookings of the recipient. */
  @Column({ name: 'booking_id', type: 'uuid', nullable: true })
  bookingId: string | null;

  @Column({
    type: 'enum',
    enum: NOTIFICATION_STATUSES,
    enumName: 'notification_status',
    default: 'PENDING',
  })
  status: NotificationStatus;

  /** Attempts with a known outcome. */
  @Column({ type: 'integer', default: 1 })
  attempts: number;

  /** It is not sent before. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt: Date;

  /** The end of the lease of the sender that has it; null if none has. */
  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil: Date | null;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt: Date | null;

  /** Of the mail, or of the SMS at its gateway. */
  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId: string | null;

  /** Why the last attempt failed, or why nothing had to be sent. */
  @Column({ type: 'text', nullable: true })
  error: string | null;

  /** Null where a worker of an earlier release wrote the row. */
  @Column({ type: 'jsonb', nullable: true })
  details: NotificationDetails | null;

  /** Null where nobody was told, and where an earlier release sent it. */
  @Column({ type: 'jsonb', nullable: true })
  told: ToldState | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
