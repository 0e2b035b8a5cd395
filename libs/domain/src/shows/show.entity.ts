import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const SHOW_KINDS = ['EVENT', 'BUS', 'DOCTOR'] as const;
export type ShowKind = (typeof SHOW_KINDS)[number];

export const SHOW_STATUSES = ['SCHEDULED', 'CANCELLED'] as const;
export type ShowStatus = (typeof SHOW_STATUSES)[number];

/**
 * Anything with a number of slots: a concert, a bus trip, a doctor's morning.
 *
 * `availableSlots`, `heldSlots` and `version` are written by the ledger alone, under this row's
 * lock. None of them is in an index, so that a sale updates the row in place (heap-only).
 */
@Entity('shows')
// `starts_at`, `id` and the end, which is an expression: the migration makes it.
@Index('shows_list_idx', { synchronize: false })
@Index('shows_search_idx', ['searchText'], { type: 'gin' })
@Index('shows_search_stale_idx', ['id'], {
  where: 'search_text IS NULL OR search_revision IS DISTINCT FROM revision',
})
@Check('shows_available_slots_check', 'available_slots >= 0')
@Check('shows_held_slots_check', 'held_slots >= 0')
@Check('shows_slots_check', 'available_slots + held_slots <= total_slots')
export class Show {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'shows_pkey' })
  id: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ type: 'enum', enum: SHOW_KINDS, enumName: 'show_kind' })
  kind: ShowKind;

  @Column({ type: 'text', nullable: true })
  venue: string | null;

  @Column({ type: 'text', nullable: true })
  origin: string | null;

  @Column({ type: 'text', nullable: true })
  destination: string | null;

  @Column({ type: 'text', nullable: true })
  practitioner: string | null;

  @Column({ type: 'text', nullable: true })
  region: string | null;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt: Date;

  @Column({ name: 'ends_at', type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  /** Null: the sale is open from the beginning. */
  @Column({ name: 'booking_opens_at', type: 'timestamptz', nullable: true })
  bookingOpensAt: Date | null;

  /** Null: the sale closes when the show starts. */
  @Column({ name: 'booking_closes_at', type: 'timestamptz', nullable: true })
  bookingClosesAt: Date | null;

  /** Null: a confirmed booking can be cancelled until the show starts. */
  @Column({ name: 'cancel_until', type: 'timestamptz', nullable: true })
  cancelUntil: Date | null;

  /** IANA name, such as `Asia/Kolkata`. */
  @Column({ name: 'time_zone', type: 'text' })
  timeZone: string;

  @Column({ name: 'total_slots', type: 'integer' })
  totalSlots: number;

  @Column({ name: 'available_slots', type: 'integer' })
  availableSlots: number;

  @Column({ name: 'held_slots', type: 'integer', default: 0 })
  heldSlots: number;

  /** Null: no limit per person. */
  @Column({ name: 'max_slots_per_user', type: 'integer', nullable: true })
  maxSlotsPerUser: number | null;

  /** Null: the installation's hold time. */
  @Column({ name: 'hold_seconds', type: 'integer', nullable: true })
  holdSeconds: number | null;

  @Column({ type: 'enum', enum: SHOW_STATUSES, enumName: 'show_status', default: 'SCHEDULED' })
  status: ShowStatus;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt: Date | null;

  /** Rises with every transition of the show or of one of its bookings. */
  @Column({ type: 'integer', default: 1 })
  version: number;

  /** Rises with edits only; what `If-Match` compares. */
  @Column({ type: 'integer', default: 1 })
  revision: number;

  /** See `searchTextOf`. Not read with the show: only searches need it. */
  @Column({ name: 'search_text', type: 'text', nullable: true, select: false })
  searchText?: string | null;

  /** The revision that `searchText` was made of. Another one: a process of an older release wrote the show. */
  @Column({ name: 'search_revision', type: 'integer', nullable: true, select: false })
  searchRevision?: number | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
