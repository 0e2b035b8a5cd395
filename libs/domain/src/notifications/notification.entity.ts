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

export const NOTIFICATION_STATUSES = ['PENDING', 'SENT', 'FAILED'] as const;
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

/**
 * One message to one recipient: claimed before it is sent, and the record of what became of it
 * after. The unique key is what tells repetitions of a fact apart from the fact.
 */
@Entity('notifications')
@Index('notifications_event_id_channel_recipient_key', ['eventId', 'channel', 'recipient'], {
  unique: true,
})
@Index('notifications_user_id_idx', ['userId', 'id'])
@Index('notifications_show_id_idx', ['showId', 'id'])
@Index('notifications_unsent_idx', ['status', 'id'], { where: `status <> 'SENT'` })
export class Notification {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'notifications_pkey' })
  id: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'notifications_user_id_fkey' })
  user?: Relation<User>;

  /** The fact that it tells of. */
  @Column({ name: 'event_id', type: 'uuid' })
  eventId: string;

  @Column({ type: 'enum', enum: NOTIFICATION_CHANNELS, enumName: 'notification_channel' })
  channel: NotificationChannel;

  @Column({ type: 'text' })
  kind: NotificationKind;

  /** The e-mail address or the phone number, as it was then. */
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

  @Column({ type: 'integer', default: 1 })
  attempts: number;

  /** Until then it is somebody's to send; null if nobody is at it. */
  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil: Date | null;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt: Date | null;

  /** Of the mail, or of the SMS at its gateway. */
  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId: string | null;

  /** Why the last attempt failed. */
  @Column({ type: 'text', nullable: true })
  error: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
