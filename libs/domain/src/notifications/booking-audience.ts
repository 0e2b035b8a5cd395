import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { Booking } from '../bookings/booking.entity.js';
import type { BookingWithShowAndUser } from '../bookings/bookings.reader.js';
import { Show } from '../shows/show.entity.js';
import { User } from '../users/user.entity.js';

/** Somebody to tell, and how they want to be told. */
export interface Person extends Pick<
  User,
  'email' | 'phone' | 'emailNotifications' | 'smsNotifications'
> {
  userId: string;
  /** Null where they have several of the show. */
  bookingId: string | null;
}

/** Who is to be told of a booking or a show. From the primary: a message cannot be taken back. */
export class BookingAudience {
  constructor(private readonly dataSource: DataSource) {}

  findUser(id: string): Promise<User | null> {
    return this.dataSource.manager.findOneBy(User, { id });
  }

  findShow(id: string): Promise<Show | null> {
    return this.dataSource.manager.findOneBy(Show, { id });
  }

  /** Everybody with a confirmed booking of a show, a page at a time. */
  async *confirmed(showId: string, pageSize: number): AsyncGenerator<Person[]> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const page = await this.dataSource.query<Person[]>(
        `SELECT booked.user_id AS "userId", booked.booking_id AS "bookingId", email, phone,
           email_notifications AS "emailNotifications", sms_notifications AS "smsNotifications"
         FROM (
           SELECT user_id, CASE count(*) WHEN 1 THEN min(id::text)::uuid END AS booking_id
           FROM bookings WHERE show_id = $1 AND status = 'CONFIRMED' AND user_id > $2
           GROUP BY user_id ORDER BY user_id LIMIT $3) AS booked
         JOIN users ON users.id = booked.user_id
         ORDER BY booked.user_id`,
        [showId, after, pageSize],
      );
      if (page.length > 0) yield page;
      if (page.length < pageSize) return;
      after = page.at(-1)!.userId;
    }
  }

  /** The user's confirmed bookings of a show, oldest first. */
  confirmedOf(userId: string, showId: string): Promise<BookingWithShowAndUser[]> {
    return this.bookings(showId)
      .andWhere(`booking.userId = :userId AND booking.status = 'CONFIRMED'`, { userId })
      .orderBy('booking.id')
      .getMany() as Promise<BookingWithShowAndUser[]>;
  }

  async find(showId: string, bookingIds: readonly string[]): Promise<BookingWithShowAndUser[]> {
    if (bookingIds.length === 0) return [];
    return (await this.bookings(showId)
      .andWhere('booking.id IN (:...bookingIds)', { bookingIds })
      .getMany()) as BookingWithShowAndUser[];
  }

  private bookings(showId: string): SelectQueryBuilder<Booking> {
    return this.dataSource
      .createQueryBuilder(Booking, 'booking')
      .innerJoinAndSelect('booking.show', 'show')
      .innerJoinAndSelect('booking.user', 'user')
      .where('booking.showId = :showId', { showId });
  }
}
