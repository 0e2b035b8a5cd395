import type { DataSource } from 'typeorm';

/** Before every event of every aggregate. */
const START: Place = { aggregate_id: '00000000-0000-0000-0000-000000000000', version: 0 };

interface Place {
  aggregate_id: string;
  version: number;
}

interface Row extends Place {
  id: string;
  /** The last position that was assigned when the row was read. */
  last: string;
}

/**
 * Assigns positions in the event stream, in any number of processes. A page of events without a
 * position is read in the order of aggregates and versions and numbered in one transaction under the
 * sequencer's lock, unless positions were assigned since it was read. The versions of a show commit
 * in order, so a page that has one of them has all smaller ones that lack a position.
 */
export class EventSequencer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pageSize = 1_000,
  ) {}

  /**
   * Numbers what was committed before the call. Resolves to the number of events.
   * @param signal ends it after the current page
   */
  async assignPositions(signal?: AbortSignal): Promise<number> {
    let assigned = 0;
    for (let after = START; !signal?.aborted;) {
      const page = await this.read(after);
      if (page.length === 0) break;
      if (!(await this.number(page))) continue;
      assigned += page.length;
      if (page.length < this.pageSize) break;
      after = page.at(-1)!;
    }
    return assigned;
  }

  private read(after: Place): Promise<Row[]> {
    return this.dataSource.query<Row[]>(
      `SELECT outbox.aggregate_id, outbox.version, outbox.id, outbox_sequencer.position AS last
       FROM outbox, outbox_sequencer
       WHERE outbox_sequencer.id = 1 AND outbox.position IS NULL
         AND (outbox.aggregate_id, outbox.version) > ($1, $2)
       ORDER BY outbox.aggregate_id, outbox.version LIMIT $3`,
      [after.aggregate_id, after.version, this.pageSize],
    );
  }

  /** Resolves to false if positions were assigned since the page was read. */
  private number(page: readonly Row[]): Promise<boolean> {
    const last = page[0]!.last;
    return this.dataSource.transaction(async (manager) => {
      // Takes the lock. Compared and set, since another process may have had it meanwhile.
      const [, isUnchanged] = await manager.query<[unknown, number]>(
        'UPDATE outbox_sequencer SET position = position + $1 WHERE id = 1 AND position = $2',
        [page.length, last],
      );
      if (!isUnchanged) return false;
      const [first, final] = [page[0]!, page.at(-1)!];
      // The range of the page, so that its rows are found by the index of events without a position.
      await manager.query(
        `UPDATE outbox SET position = row.position
         FROM jsonb_to_recordset($1::jsonb) AS row (aggregate_id uuid, id uuid, position bigint)
         WHERE outbox.aggregate_id = row.aggregate_id AND outbox.id = row.id
           AND outbox.position IS NULL
           AND (outbox.aggregate_id, outbox.version) >= ($2, $3)
           AND (outbox.aggregate_id, outbox.version) <= ($4, $5)`,
        [
          JSON.stringify(
            page.map(({ aggregate_id, id }, i) => ({
              aggregate_id,
              id,
              position: Number(last) + i + 1,
            })),
          ),
          first.aggregate_id,
          first.version,
          final.aggregate_id,
          final.version,
        ],
      );
      return true;
    });
  }
}

/** Age of the oldest event without a position; 0 if there is none. Seconds. */
export async function readEventStreamLag(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ lag: number }[]>(
    `SELECT coalesce(greatest(extract(epoch FROM now() - min(created_at)), 0), 0)::float8 AS lag
     FROM outbox WHERE position IS NULL`,
  );
  return row!.lag;
}
