import { Booking, DatabaseClock, newId, Show, viewBooking, type Actor } from '@modex/domain';
import { Body, Controller, Headers, Module, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Booking as BookingDto } from '../bookings/dto/booking.dto.js';
import { CreateBooking } from '../bookings/dto/write-booking.dto.js';
import { readIdempotencyKey } from '../bookings/idempotency-key.js';
import { Admission } from '../http/admission.js';
import { BODY_LIMITS, BodyLimit } from '../http/body-limit.js';
import { CurrentUser } from '../http/access/current-user.decorator.js';

const HOLD_MS = 120_000;

/**
 * A hold without the engine: the same admission, hooks, guards, limits, validation, serialisation and
 * log line as `POST /bookings`, and an answer of the same size.
 */
@Controller('bench/noop')
export class NoopController {
  constructor(private readonly clock: DatabaseClock) {}

  @Post()
  @Admission('holds')
  @BodyLimit(BODY_LIMITS.booking)
  async hold(
    @CurrentUser() actor: Actor,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Body() body: CreateBooking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingDto> {
    readIdempotencyKey(idempotencyKey);
    const now = await this.clock.now();
    const show = Object.assign(new Show(), {
      title: 'Opening night',
      kind: 'EVENT' as const,
      venue: 'Town hall',
      startsAt: now,
      timeZone: 'Asia/Kolkata',
      cancelledAt: null,
    });
    const booking = Object.assign(new Booking(), {
      showId: body.showId,
      id: newId(),
      userId: actor.userId,
      reference: '7K3M9XQ2',
      version: 1,
      quantity: body.quantity,
      status: 'PENDING' as const,
      cancelReason: null,
      expiresAt: new Date(now.getTime() + HOLD_MS),
      confirmedAt: null,
      cancelledAt: null,
      createdAt: now,
    });
    const view = viewBooking(booking, show, now);
    void reply.header('Location', `/api/v1/bookings/${view.id}`);
    return view;
  }
}

@Module({ controllers: [NoopController] })
export class NoopModule {}
