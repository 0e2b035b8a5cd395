import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { BookingKey } from '../bookings/booking-id.js';
import { Booking } from '../bookings/booking.entity.js';
import type { BookingWithShowAndUser } from '../bookings/bookings.reader.js';

/** Who is to be told of a booking or a show. From the primary: a message cannot be taken back. */
export class BookingAudience {
  constructor(private readonly dataSource: DataSource) {}

  async find({ showId, bookingId }: BookingKey): Promise<BookingWithShowAndUser | null> {
    const booking = await this.bookings(showId)
      .andWhere('booking.id = :bookingId', { bookingId })
      .getOne();
    return booking as BookingWithShowAndUser | null;
  }

  /**
   * The confirmed bookings of a show, those of one person together, a part at a time.
   * @param people most people in a part
   */
  async *confirmedByUser(
    showId: string,
    people: number,
  ): AsyncGenerator<[BookingWithShowAndUser, ...BookingWithShowAndUser[]][]> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const userIds = await this.confirmedUsers(showId, after, people);
      if (userIds.length === 0) return;
      const bookings = (await this.bookings(showId)
        .andWhere(`booking.status = 'CONFIRMED' AND booking.userId IN (:...userIds)`, { userIds })
        .orderBy('booking.userId')
        .addOrderBy('booking.id')
        .getMany()) as BookingWithShowAndUser[];
      // Everybody of a part may have cancelled since.
      if (bookings.length > 0) yield groupByUser(bookings);
      after = userIds.at(-1)!;
    }
  }

  private async confirmedUsers(showId: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT user_id AS id FROM bookings
       WHERE show_id = $1 AND status = 'CONFIRMED' AND user_id > $2 ORDER BY user_id LIMIT $3`,
      [showId, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  private bookings(showId: string): SelectQueryBuilder<Booking> {
    return this.dataSource
      .createQueryBuilder(Booking, 'booking')
      .innerJoinAndSelect('booking.show', 'show')
      .innerJoinAndSelect('booking.user', 'user')
      .where('booking.showId = :showId', { showId });
  }
}

function groupByUser(
  bookings: BookingWithShowAndUser[],
): [BookingWithShowAndUser, ...BookingWithShowAndUser[]][] {
  const groups = new Map<string, [BookingWithShowAndUser, ...BookingWithShowAndUser[]]>();
  for (const booking of bookings) {
    const group = groups.get(booking.userId);
    if (group) group.push(booking);
    else groups.set(booking.userId, [booking]);
  }
  return [...groups.values()];
}
