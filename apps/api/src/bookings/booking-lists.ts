import {
  BookingsReader,
  DatabaseClock,
  viewBooking,
  type BookingPageRequest,
  type BookingWithShowAndUser,
} from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Cursors } from '../http/cursors.js';
import { cutPage } from '../http/page.js';
import type { BookingQuery } from './dto/booking-query.dto.js';
import type { BookingPage, BookingWithUser, BookingWithUserPage } from './dto/booking.dto.js';

/** Pages of bookings, newest first. */
@Injectable()
export class BookingLists {
  constructor(
    private readonly reader: BookingsReader,
    private readonly clock: DatabaseClock,
    private readonly cursors: Cursors,
  ) {}

  async ofUser(userId: string, query: BookingQuery): Promise<BookingPage> {
    const list = `bookings of user ${userId}`;
    const page = await this.pageRequest(list, query);
    const found = await this.reader.findOfUser(userId, page);
    return cutPage(
      found,
      query.limit,
      (booking) => viewBooking(booking, booking.show, page.now),
      (booking) => this.cursors.encode(list, [booking.id]),
    );
  }

  async ofShow(showId: string, query: BookingQuery): Promise<BookingWithUserPage> {
    const list = `bookings of show ${showId}`;
    const page = await this.pageRequest(list, query);
    const found = await this.reader.findOfShow(showId, page);
    return cutPage(
      found,
      query.limit,
      (booking) => viewWithUser(booking, page.now),
      (booking) => this.cursors.encode(list, [booking.id]),
    );
  }

  private async pageRequest(list: string, query: BookingQuery): Promise<BookingPageRequest> {
    const { status, limit, cursor } = query;
    const [afterId] = cursor === undefined ? [] : this.cursors.decode(list, cursor);
    return { status, limit, afterId, now: await this.clock.now() };
  }
}

function viewWithUser(booking: BookingWithShowAndUser, now: Date): BookingWithUser {
  const { user, customerName, customerEmail, customerPhone } = booking;
  return {
    ...viewBooking(booking, booking.show, now),
    user: { id: user.id, email: user.email, name: user.name },
    customer: { name: customerName, email: customerEmail, phone: customerPhone },
  };
}
