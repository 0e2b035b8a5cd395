import { showNotFound, ShowsReader } from '@modex/domain';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AdminOnly } from '../http/access/admin-only.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { BookingLists } from './booking-lists.js';
import { BookingQuery } from './dto/booking-query.dto.js';
import { BookingWithUserPage } from './dto/booking.dto.js';

@ApiTags('bookings')
@ApiBearerAuth()
@Controller('shows/:id/bookings')
export class ShowBookingsController {
  constructor(
    private readonly shows: ShowsReader,
    private readonly lists: BookingLists,
  ) {}

  @Get()
  @AdminOnly()
  @ApiOperation({ summary: 'List the bookings of a show', operationId: 'listShowBookings' })
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiOkResponse({ type: BookingWithUserPage })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  @ApiProblem(429, 'RATE_LIMITED')
  @ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE')
  async list(@Param('id') id: string, @Query() query: BookingQuery): Promise<BookingWithUserPage> {
    if (!isUUID(id) || !(await this.shows.find(id))) throw showNotFound();
    return this.lists.ofShow(id, query);
  }
}
