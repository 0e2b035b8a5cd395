import type { DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import type { NotificationChannel } from './notification.entity.js';

export interface PendingNotifications {
  channel: NotificationChannel;
  count: number;
  /** How long the oldest that is due has been; 0 if none is. Seconds. */
  dueAgeSeconds: number;
}

/** What waits to be sent, by channel; a channel for which nothing waits is not in it. */
export async function readPendingNotifications(
  dataSource: DataSource,
): Promise<PendingNotifications[]> {
  return dataSource.query<PendingNotifications[]>(
    `SELECT channel, count(*)::int AS count,
       coalesce(greatest(extract(epoch FROM $1 - min(next_attempt_at)), 0), 0)::float8
         AS "dueAgeSeconds"
     FROM notifications WHERE status = 'PENDING' GROUP BY channel`,
    [await readClock(dataSource)],
  );
}
