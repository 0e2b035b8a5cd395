import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EventType } from './domain-event-catalogue.js';

/**
 * A domain event, written in the transaction of the change it describes. There is one row for each
 * version of its aggregate, so the aggregate's history is complete and totally ordered. It has no
 * foreign key: the event that a show was deleted outlives the show.
 */
@Entity('outbox')
@Index('outbox_aggregate_id_version_key', ['aggregateId', 'version'], { unique: true })
@Index('outbox_created_at_idx', ['createdAt'], { type: 'brin' })
@Index('outbox_unpublished_idx', ['aggregateId', 'version'], { where: 'published_at IS NULL' })
@Index('outbox_taken_idx', ['aggregateId'], {
  where: 'published_at IS NULL AND (claimed_until IS NOT NULL OR next_attempt_at IS NOT NULL)',
})
@Index('outbox_unnumbered_idx', ['aggregateId', 'version'], { where: 'position IS NULL' })
@Index('outbox_position_idx', ['position'], { where: 'position IS NOT NULL' })
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

  /** The claim that holds it until `claimedUntil`. */
  @Column({ name: 'claimed_by', type: 'uuid', nullable: true })
  claimedBy: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil: Date | null;

  /** Failed attempts so far. */
  @Column({ type: 'integer', default: 0 })
  attempts: number;

  /** It, and the later events of its aggregate, wait until then. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  nextAttemptAt: Date | null;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;

  /** When its attempts were used up. The later events of its aggregate are published without it. */
  @Column({ name: 'dead_lettered_at', type: 'timestamptz', nullable: true })
  deadLetteredAt: Date | null;

  /** The same for relays of the release before; its removal is due in the release after the next. */
  @Column({ name: 'set_aside_at', type: 'timestamptz', nullable: true })
  setAsideAt: Date | null;

  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt: Date | null;

  /** Its place in the event stream; null until it is assigned. Text, as the driver returns 64-bit integers. */
  @Column({ type: 'bigint', nullable: true })
  position: string | null;

  /** The W3C header `traceparent` of the request that caused it, if traces are recorded. */
  @Column({ name: 'trace_parent', type: 'text', nullable: true })
  traceParent: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
