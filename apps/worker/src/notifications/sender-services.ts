import type {
  BookingAudience,
  DatabaseClock,
  NotificationBudgets,
  NotificationHistory,
  NotificationQueue,
} from '@modex/domain';
import type { Logger, Tracing } from '@modex/platform';
import type { NotificationMetrics } from './notification-metrics.js';

/** What the sender of a channel works with. */
export interface SenderServices {
  queue: NotificationQueue;
  history: NotificationHistory;
  audience: BookingAudience;
  clock: DatabaseClock;
  metrics: NotificationMetrics;
  logger: Logger;
  tracing: Tracing | null;
  budgets: NotificationBudgets;
  coalescingMs: number;
}
