import type { DataSource } from 'typeorm';
import type { DomainEvent } from './domain-event.js';
import { STREAMED_TYPES } from './domain-event-catalogue.js';

/** An event with its place in the stream. Readers continue after the position they read last. */
export interface PositionedEvent extends DomainEvent {
  position: number;
}

/**
 * All events in one order, read page by page. Positions are assigned under the sequencer's lock after
 * the event's own commit, whether or not handlers have seen it: a reader that has seen a position has
 * seen, or will never see, every smaller one. Positions have gaps.
 */
export class EventStream {
  constructor(private readonly dataSource: DataSource) {}

  /** @param after the last position that was read, 0 at first */
  async read(after: number, limit: number): Promise<PositionedEvent[]> {
    const rows = await this.dataSource.query<
      (Omit<PositionedEvent, 'position' | 'createdAt'> & { position: string; createdAt: Date })[]
    >(
      `SELECT id, type, aggregate_id AS "aggregateId", version, payload, created_at AS "createdAt",
              position
       FROM outbox WHERE position > $1 AND type = ANY($3) ORDER BY position LIMIT $2`,
      [after, limit, STREAMED_TYPES],
    );
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      position: Number(row.position),
    }));
  }
}
