import { Gauge, type Registry } from 'prom-client';

/** The current use of a connection pool. */
export interface PoolUse {
  busy: number;
  idle: number;
  waiting: number;
  limit: number;
}

/** @param pools by name, read at each scrape */
export function observePools(registry: Registry, pools: Record<string, () => PoolUse>): void {
  const gauge = (name: string, help: string, of: (use: PoolUse) => number) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['pool'],
        registers: [],
        collect() {
          for (const [pool, use] of Object.entries(pools)) this.set({ pool }, of(use()));
        },
      }),
    );
  gauge('modex_pool_busy_connections', 'Connections to the database in use.', (use) => use.busy);
  gauge('modex_pool_idle_connections', 'Idle connections to the database.', (use) => use.idle);
  gauge(
    'modex_pool_waiting',
    'Requests that wait for a connection to the database.',
    (use) => use.waiting,
  );
  gauge('modex_pool_limit', 'Maximum of connections of a pool.', (use) => use.limit);
}
