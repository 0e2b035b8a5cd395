import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row. Claiming events and assigning positions happen under its lock. */
@Entity('outbox_sequencer')
@Check('outbox_sequencer_id_check', 'id = 1')
export class OutboxSequencer {
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'outbox_sequencer_pkey' })
  id: number;

  /** The last position that was assigned. */
  @Column({ type: 'bigint' })
  position: string;
}
