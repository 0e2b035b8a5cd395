import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** How a pool of connections is used at this moment. */
export interface PoolUse {
  /** Connections that do something. */
  busy: number;
  idle: number;
  /** Who waits for a connection. */
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
