import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The current use of a connection pool. */
export interface PoolUse {
  /** Connections in use. */
  busy: number;
  idle: number;
  /** Requests that wait for a connection. */
  waiting: number;
  /** Most connections that it opens. */
  limit: number;
}

export function poolUse(dataSource: DataSource): PoolUse {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const { totalCount, idleCount, waitingCount, options } = master;
  return {
    busy: totalCount - idleCount,
    idle: idleCount,
    waiting: waitingCount,
    limit: options.max,
  };
}
