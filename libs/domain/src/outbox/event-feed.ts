import type { DataSource } from 'typeorm';
import type { DomainEvent } from './domain-event.js';

export interface PlacedEvent extends DomainEvent {
  /** Where to read on. Greater than that of every fact that could be read before. */
  position: number;
}

/**
 * All published facts in one order, to be read page by page. A position is given under the
 * sequencer's lock, after the fact's own commit: whoever has seen a position has seen, or will never
 * see, every smaller one. Positions have gaps.
 */
export class EventFeed {
  constructor(private readonly dataSource: DataSource) {}

  /** @param after the last position that was read, 0 at first */
  async read(after: number, limit: number): Promise<PlacedEvent[]> {
    const rows = await this.dataSource.query<
      (Omit<PlacedEvent, 'position' | 'createdAt'> & { position: string; createdAt: Date })[]
    >(
      `SELECT id, type, aggregate_id AS "aggregateId", version, payload, created_at AS "createdAt",
              position
       FROM outbox WHERE position > $1 ORDER BY position LIMIT $2`,
      [after, limit],
    );
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      position: Number(row.position),
    }));
  }
}
