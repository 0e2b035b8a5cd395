import { Gauge, type Registry } from 'prom-client';
import type { FeedAdapter } from '../feed/feed-adapter.js';
import type { HealthChecks } from '../health/health-checks.js';

/** The checks of readiness, made whenever somebody asks. */
export function observeHealth(registry: Registry, health: HealthChecks): void {
  const gauge = new Gauge({
    name: 'modex_health_check',
    help: 'Whether a part that this process cannot do without answers (1) or not (0).',
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

/** Whether this process hears of what others sell. */
export function observeFeed(registry: Registry, feed: FeedAdapter): void {
  const gauge = new Gauge({
    name: 'modex_feed_connected',
    help: 'Whether this process is connected to the change feed (1) or cut off (0).',
    labelNames: ['over'],
    registers: [],
    collect() {
      this.set({ over: feed.over }, feed.isConnected() ? 1 : 0);
    },
  });
  registry.registerMetric(gauge);
}
