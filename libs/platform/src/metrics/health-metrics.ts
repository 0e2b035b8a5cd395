import { Gauge, type Registry } from 'prom-client';
import type { Backplane } from '../backplane/backplane.js';
import type { HealthChecks } from '../health/health-checks.js';

/** The readiness checks, run at each scrape. */
export function observeHealth(registry: Registry, health: HealthChecks): void {
  const gauge = new Gauge({
    name: 'modex_health_check',
    help: 'Whether a required dependency is available (1) or not (0).',
    labelNames: ['check'],
    registers: [],
    async collect() {
      this.reset();
      const { checks } = await health.ready();
      for (const [check, result] of Object.entries(checks)) {
        this.set({ check }, result === 'ok' ? 1 : 0);
      }
    },
  });
  registry.registerMetric(gauge);
}

/** Whether this process is connected to the backplane. */
export function observeBackplane(registry: Registry, backplane: Backplane): void {
  const gauge = new Gauge({
    name: 'modex_backplane_connected',
    help: 'Whether this process is connected to the backplane (1) or not (0).',
    labelNames: ['over'],
    registers: [],
    collect() {
      this.set({ over: backplane.over }, backplane.isConnected() ? 1 : 0);
    },
  });
  registry.registerMetric(gauge);
}
