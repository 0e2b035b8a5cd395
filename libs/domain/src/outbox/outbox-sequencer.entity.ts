import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: its lock is the turn of whoever claims facts or gives them their positions. */
@Entity('outbox_sequencer')
@Check('outbox_sequencer_id_check', 'id = 1')
export class OutboxSequencer {
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'outbox_sequencer_pkey' })
  id: number;

  /** The last that was given away. */
  @Column({ type: 'bigint' })
  position: string;
}
