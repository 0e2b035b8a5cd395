import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { Show } from '../shows/show.entity.js';
import type { User } from '../users/user.entity.js';
import type { BookingKey } from './booking-id.js';
import type { BookingStatus } from './booking-status.js';
import { EXPIRY_GRACE_MS } from './booking-view.js';
import { Booking } from './booking.entity.js';

export interface BookingPageRequest {
  status?: BookingStatus;
  limit: number;
  /** The last booking of the previous page. */
  afterId?: string;
  /** The database's clock. */
  now: Date;
}

export type BookingWithShow = Booking & { show: Show };
export type BookingWithShowAndUser = BookingWithShow & { user: User };

/** Reads bookings, always from the primary, so that users see their own at once. */
export class BookingsReader {
  constructor(private readonly dataSource: DataSource) {}

  async find({ showId, bookingId }: BookingKey): Promise<BookingWithShow | null> {
    const booking = await this.bookings()
      .where('booking.showId = :showId AND booking.id = :bookingId', { showId, bookingId })
      .getOne();
    return booking as BookingWithShow | null;
  }

  /** Newest first; one more than `limit` if there are more. */
  async findOfUser(userId: string, page: BookingPageRequest): Promise<BookingWithShow[]> {
    const query = this.bookings().where('booking.userId = :userId', { userId });
    return (await this.page(query, page).getMany()) as BookingWithShow[];
  }

  /** Newest first; one more than `limit` if there are more. */
  async findOfShow(showId: string, page: BookingPageRequest): Promise<BookingWithShowAndUser[]> {
    const query = this.bookings()
      .innerJoinAndSelect('booking.user', 'user')
      .where('booking.showId = :showId', { showId });
    return (await this.page(query, page).getMany()) as BookingWithShowAndUser[];
  }

  private bookings(): SelectQueryBuilder<Booking> {
    return this.dataSource
      .createQueryBuilder(Booking, 'booking')
      .innerJoinAndSelect('booking.show', 'show');
  }

  /** Ids are UUIDv7, so newest first is by id. */
  private page(query: SelectQueryBuilder<Booking>, page: BookingPageRequest) {
    if (page.afterId) query.andWhere('booking.id < :afterId', { afterId: page.afterId });
    if (page.status) whereReadsAs(query, page.status, page.now);
    return query.orderBy('booking.id', 'DESC').limit(page.limit + 1);
  }
}

/** Filters by the status that `viewBooking` shows, which may be ahead of the ledger. */
function whereReadsAs(query: SelectQueryBuilder<Booking>, status: BookingStatus, now: Date): void {
  const overdue = new Date(now.getTime() - EXPIRY_GRACE_MS);
  if (status === 'CANCELLED') {
    query.andWhere(
      `(booking.status = 'CANCELLED' OR show.status = 'CANCELLED'
        OR (booking.status = 'PENDING' AND booking.expiresAt <= :overdue))`,
      { overdue },
    );
    return;
  }
  query.andWhere(`booking.status = :status AND show.status <> 'CANCELLED'`, { status });
  if (status === 'PENDING') query.andWhere('booking.expiresAt > :overdue', { overdue });
}
