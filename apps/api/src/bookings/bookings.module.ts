import { Module } from '@nestjs/common';
import { BookingLists } from './booking-lists.js';
import { BookingsController } from './bookings.controller.js';
import { ShowBookingsController } from './show-bookings.controller.js';

@Module({
  controllers: [BookingsController, ShowBookingsController],
  providers: [BookingLists],
})
export class BookingsModule {}
