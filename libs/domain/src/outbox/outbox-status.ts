import type { DataSource } from 'typeorm';

export interface OutboxStatus {
  /** Events that are still to be published, without the dead-lettered ones. */
  depth: number;
  /** Age of the oldest of them; 0 if there is none. Seconds. */
  ageSeconds: number;
  /** Events that wait for an operator to redrive them. */
  deadLettered: number;
}

export async function readOutboxStatus(dataSource: DataSource): Promise<OutboxStatus> {
  const [row] = await dataSource.query<OutboxStatus[]>(
    `SELECT (count(*) FILTER (WHERE dead_lettered IS NULL))::int AS depth,
            (count(*) FILTER (WHERE dead_lettered IS NOT NULL))::int AS "deadLettered",
            coalesce(greatest(extract(epoch FROM
              now() - min(created_at) FILTER (WHERE dead_lettered IS NULL)), 0), 0)::float8
              AS "ageSeconds"
     FROM (SELECT created_at, coalesce(dead_lettered_at, set_aside_at) AS dead_lettered
           FROM outbox WHERE published_at IS NULL) AS unpublished`,
  );
  return row!;
}
