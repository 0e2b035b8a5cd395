import type { DataSource } from 'typeorm';
import type { User } from '../users/user.entity.js';
import {
  Notification,
  type NotificationChannel,
  type NotificationStatus,
} from './notification.entity.js';

export interface NotificationPageRequest {
  status?: NotificationStatus;
  channel?: NotificationChannel;
  userId?: string;
  showId?: string;
  limit: number;
  /** The last notification of the page before: only older ones follow. */
  afterId?: string;
}

export type NotificationWithUser = Notification & { user: User };

/** Reads the record of what was sent. */
export class NotificationsReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first, which is by id: UUIDv7. One more than `limit` if there are more. */
  async find(page: NotificationPageRequest): Promise<NotificationWithUser[]> {
    const { limit, afterId, ...wanted } = page;
    const query = this.dataSource
      .createQueryBuilder(Notification, 'notification')
      .innerJoinAndSelect('notification.user', 'user')
      .orderBy('notification.id', 'DESC')
      .limit(limit + 1);
    if (afterId) query.andWhere('notification.id < :afterId', { afterId });
    for (const field of ['status', 'channel', 'userId', 'showId'] as const) {
      if (wanted[field] === undefined) continue;
      query.andWhere(`notification.${field} = :${field}`, { [field]: wanted[field] });
    }
    return (await query.getMany()) as NotificationWithUser[];
  }
}
