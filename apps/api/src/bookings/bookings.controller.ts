import {
  bookingNotFound,
  BookingsReader,
  BookingsService,
  DatabaseClock,
  decodeBookingId,
  viewBooking,
  type Actor,
  type BookingKey,
  type BookingResult,
  type Caller,
} from '@modex/domain';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentCaller } from '../http/caller.decorator.js';
import { CurrentUser } from '../http/access/current-user.decorator.js';
import { Admission } from '../http/admission.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { BODY_LIMITS, BodyLimit } from '../http/body-limit.js';
import { BookingLists } from './booking-lists.js';
import { BookingQuery } from './dto/booking-query.dto.js';
import { Booking, BookingPage } from './dto/booking.dto.js';
import { CreateBooking, ReduceBooking } from './dto/write-booking.dto.js';
import { readIdempotencyKey } from './idempotency-key.js';

const BOOKING_ID = { name: 'id', type: String, example: 'bkg_…' };
const header = (description: string) => ({ description, schema: { type: 'string' as const } });

@ApiTags('bookings')
@ApiBearerAuth()
@ApiProblem(401, 'UNAUTHORIZED')
@ApiProblem(429, 'RATE_LIMITED')
@ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE', 'OUTCOME_UNKNOWN')
@Controller('bookings')
export class BookingsController {
  constructor(
    private readonly bookings: BookingsService,
    private readonly reader: BookingsReader,
    private readonly lists: BookingLists,
    private readonly clock: DatabaseClock,
  ) {}

  @Post()
  @Admission('holds')
  @BodyLimit(BODY_LIMITS.booking)
  @ApiOperation({ summary: 'Hold slots', operationId: 'createBooking' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes repeating safe: the same key and body answer the same booking.',
  })
  @ApiCreatedResponse({
    type: Booking,
    headers: {
      Location: header('The path of the booking.'),
      'Idempotency-Replayed': header('`true` if an earlier request made the booking.'),
    },
  })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  @ApiProblem(
    409,
    'SOLD_OUT',
    'LIMIT_PER_USER',
    'TOO_MANY_HELD',
    'REHOLD_TOO_SOON',
    'NOT_OPEN_YET',
    'SHOW_CLOSED',
  )
  @ApiProblem(422, 'IDEMPOTENCY_KEY_REUSED')
  async hold(
    @CurrentUser() actor: Actor,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Body() body: CreateBooking,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Booking> {
    const request = {
      showId: body.showId.toLowerCase(),
      userId: actor.userId,
      quantity: body.quantity,
      customer: body.customer,
      idempotencyKey: readIdempotencyKey(idempotencyKey),
    };
    const { booking, show, replayed } = await this.bookings.hold(request, caller);
    const view = viewBooking(booking, show, await this.clock.now());
    void reply.header('Location', `/api/v1/bookings/${view.id}`);
    if (replayed) void reply.header('Idempotency-Replayed', 'true');
    return view;
  }

  @Get()
  @ApiOperation({ summary: 'List my bookings, newest first', operationId: 'listBookings' })
  @ApiOkResponse({ type: BookingPage })
  @ApiProblem(400, 'VALIDATION_FAILED')
  list(@CurrentUser() actor: Actor, @Query() query: BookingQuery): Promise<BookingPage> {
    return this.lists.ofUser(actor.userId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One booking', operationId: 'getBooking' })
  @ApiParam(BOOKING_ID)
  @ApiOkResponse({ type: Booking })
  @ApiProblem(404, 'BOOKING_NOT_FOUND')
  async find(@CurrentUser() actor: Actor, @Param('id') id: string): Promise<Booking> {
    const booking = await this.reader.find(keyOf(id));
    if (!booking || !(actor.isAdmin || booking.userId === actor.userId)) throw bookingNotFound();
    return viewBooking(booking, booking.show, await this.clock.now());
  }

  @Post(':id/confirm')
  @Admission('changes')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm a hold', operationId: 'confirmBooking' })
  @ApiParam(BOOKING_ID)
  @ApiOkResponse({ type: Booking })
  @ApiProblem(404, 'BOOKING_NOT_FOUND')
  @ApiProblem(409, 'BOOKING_CANCELLED')
  @ApiProblem(410, 'HOLD_EXPIRED')
  async confirm(
    @CurrentUser() actor: Actor,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<Booking> {
    return this.answer(await this.bookings.confirm(keyOf(id), actor, caller));
  }

  @Post(':id/cancel')
  @Admission('changes')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give back a hold or cancel a booking', operationId: 'cancelBooking' })
  @ApiParam(BOOKING_ID)
  @ApiOkResponse({ type: Booking })
  @ApiProblem(404, 'BOOKING_NOT_FOUND')
  @ApiProblem(409, 'CANCEL_CLOSED')
  async cancel(
    @CurrentUser() actor: Actor,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<Booking> {
    return this.answer(await this.bookings.cancel(keyOf(id), actor, caller));
  }

  @Post(':id/reduce')
  @Admission('changes')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give back some of the slots', operationId: 'reduceBooking' })
  @ApiParam(BOOKING_ID)
  @ApiOkResponse({ type: Booking })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(404, 'BOOKING_NOT_FOUND')
  @ApiProblem(409, 'BOOKING_CANCELLED', 'CANCEL_CLOSED')
  @ApiProblem(410, 'HOLD_EXPIRED')
  async reduce(
    @CurrentUser() actor: Actor,
    @Param('id') id: string,
    @Body() body: ReduceBooking,
    @CurrentCaller() caller: Caller,
  ): Promise<Booking> {
    return this.answer(await this.bookings.reduce(keyOf(id), actor, body.quantity, caller));
  }

  private async answer({ booking, show }: BookingResult): Promise<Booking> {
    return viewBooking(booking, show, await this.clock.now());
  }
}

/** An invalid id is an unknown booking. */
function keyOf(id: string): BookingKey {
  const key = decodeBookingId(id);
  if (!key) throw bookingNotFound();
  return key;
}
