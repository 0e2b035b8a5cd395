import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const EVENT_TYPES = [
  'booking.held',
  'booking.confirmed',
  'booking.reduced',
  'booking.cancelled',
  'booking.expired',
  'show.created',
  'show.updated',
  'show.cancelled',
  'show.deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * A fact, written in the transaction that made it true. One row for each version of its
 * aggregate, so an aggregate's history is complete and totally ordered. It carries no foreign key:
 * the fact that a show was deleted outlives the show.
 */
@Entity('outbox')
@Index('outbox_aggregate_id_version_key', ['aggregateId', 'version'], { unique: true })
@Index('outbox_created_at_idx', ['createdAt'], { type: 'brin' })
export class OutboxEvent {
  @PrimaryColumn({ name: 'aggregate_id', type: 'uuid', primaryKeyConstraintName: 'outbox_pkey' })
  aggregateId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'outbox_pkey' })
  id: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text' })
  type: EventType;

  @Column({ type: 'jsonb' })
  payload: object;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil: Date | null;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
