import type { DataSource } from 'typeorm';

export interface OutboxStatus {
  /** Facts that are still to be published, without those set aside. */
  depth: number;
  /** Age of the oldest of them; 0 if there is none. Seconds. */
  ageSeconds: number;
  /** Facts that were given up and wait for an operator. */
  setAside: number;
}

export async function readOutboxStatus(dataSource: DataSource): Promise<OutboxStatus> {
  const [row] = await dataSource.query<OutboxStatus[]>(
    `SELECT (count(*) FILTER (WHERE set_aside_at IS NULL))::int AS depth,
            (count(*) FILTER (WHERE set_aside_at IS NOT NULL))::int AS "setAside",
            coalesce(greatest(extract(epoch FROM
              now() - min(created_at) FILTER (WHERE set_aside_at IS NULL)), 0), 0)::float8
              AS "ageSeconds"
     FROM outbox WHERE published_at IS NULL`,
  );
  return row!;
}
