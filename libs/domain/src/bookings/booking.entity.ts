import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { Show } from '../shows/show.entity.js';
import { User } from '../users/user.entity.js';
import {
  BOOKING_STATUSES,
  CANCEL_REASONS,
  type BookingStatus,
  type CancelReason,
} from './booking-status.js';

/**
 * Slots of one show, held or confirmed by one user. The key begins with the show, so that a
 * booking lies on its show's shard; `status` and `quantity` are written by the ledger alone.
 */
@Entity('bookings')
@Check('bookings_quantity_check', 'quantity > 0')
// Not by the show first: the key of the table is to be the one way to a booking of a show.
@Index('bookings_reference_key', ['reference', 'showId'], { unique: true })
@Index('bookings_idempotency_key', ['userId', 'idempotencyKey', 'showId'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
// The account's, whichever show it is for. `LOCAL_INDEXES`: a distributed database does not have it.
@Index('bookings_user_id_idempotency_key', ['userId', 'idempotencyKey'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
@Index('bookings_pending_idx', ['showId', 'expiresAt'], { where: `status = 'PENDING'` })
@Index('bookings_active_idx', ['showId', 'userId'], { where: `status <> 'CANCELLED'` })
// Not "= 'PENDING'": see `HELD`.
@Index('bookings_held_idx', ['userId', 'showId'], {
  where: `status NOT IN ('CONFIRMED', 'CANCELLED')`,
})
@Index('bookings_given_back_idx', ['showId', 'userId', 'givenBackAt'], {
  where: 'given_back_at IS NOT NULL',
})
@Index('bookings_user_id_idx', ['userId', 'id'])
export class Booking {
  @PrimaryColumn({ name: 'show_id', type: 'uuid', primaryKeyConstraintName: 'bookings_pkey' })
  showId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'bookings_pkey' })
  id: string;

  @ManyToOne(() => Show, { nullable: false })
  @JoinColumn({ name: 'show_id', foreignKeyConstraintName: 'bookings_show_id_fkey' })
  show?: Relation<Show>;

  /** Eight Crockford base-32 characters, for people; unique within the show. */
  @Column({ type: 'text' })
  reference: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'bookings_user_id_fkey' })
  user?: Relation<User>;

  @Column({ name: 'customer_name', type: 'text', nullable: true })
  customerName: string | null;

  @Column({ name: 'customer_email', type: 'text', nullable: true })
  customerEmail: string | null;

  @Column({ name: 'customer_phone', type: 'text', nullable: true })
  customerPhone: string | null;

  @Column({ type: 'integer' })
  quantity: number;

  @Column({ type: 'enum', enum: BOOKING_STATUSES, enumName: 'booking_status' })
  status: BookingStatus;

  @Column({
    name: 'cancel_reason',
    type: 'enum',
    enum: CANCEL_REASONS,
    enumName: 'booking_cancel_reason',
    nullable: true,
  })
  cancelReason: CancelReason | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt: Date | null;

  @Column({ name: 'checked_in_at', type: 'timestamptz', nullable: true })
  checkedInAt: Date | null;

  /**
   * When its holder last gave back slots of it that were only held, by cancelling, reducing or
   * letting it lapse; null: never.
   */
  @Column({ name: 'given_back_at', type: 'timestamptz', nullable: true })
  givenBackAt: Date | null;

  /** The show's version at this booking's last transition. */
  @Column({ type: 'integer' })
  version: number;

  @Column({ name: 'idempotency_key', type: 'text', nullable: true })
  idempotencyKey: string | null;

  /** SHA-256 (base64url) of the request that the key stands for. */
  @Column({ name: 'request_hash', type: 'text', nullable: true })
  requestHash: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
