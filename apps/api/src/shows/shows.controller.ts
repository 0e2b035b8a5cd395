import {
  DatabaseClock,
  showNotFound,
  ShowsReader,
  ShowsService,
  viewShow,
  type Show as ShowEntity,
} from '@modex/domain';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdminOnly } from '../http/access/admin-only.decorator.js';
import { Public } from '../http/access/public.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { BODY_LIMITS, BodyLimit } from '../http/body-limit.js';
import { isFresh, revisionOf } from '../http/etag.js';
import { HIT, JSON_TYPE } from '../http/cached-responses.js';
import { CachedShows } from './cache/cached-shows.js';
import { ShowPage, Show } from './dto/show.dto.js';
import { ShowQuery } from './dto/show-query.dto.js';
import { changedShowFields, CreateShow, newShowFields, UpdateShow } from './dto/write-show.dto.js';
import { etagOfShow } from './show-etag.js';
import { ShowLists, STORED } from './show-lists.js';

const CACHE_HEADERS = {
  ETag: { schema: { type: 'string' as const } },
  'Cache-Status': {
    description:
      'Where the answer came from (RFC 9211): `hit`, `fwd=miss`, or `fwd=bypass` for searches and ' +
      '`available=true`, which are never kept.',
    schema: { type: 'string' as const },
  },
};
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag last seen. The edit is refused if somebody else edited the show since.',
};

@ApiTags('shows')
@ApiProblem(429, 'RATE_LIMITED')
@ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE', 'OUTCOME_UNKNOWN')
@Controller('shows')
export class ShowsController {
  constructor(
    private readonly lists: ShowLists,
    private readonly cached: CachedShows,
    private readonly reader: ShowsReader,
    private readonly shows: ShowsService,
    private readonly clock: DatabaseClock,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'List shows by start', operationId: 'listShows' })
  @ApiOkResponse({ type: ShowPage, headers: CACHE_HEADERS })
  @ApiResponse({ status: 304, description: 'The copy named by If-None-Match is still good.' })
  @ApiProblem(400, 'VALIDATION_FAILED')
  async list(
    @Query() query: ShowQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body, etag, cacheStatus } = await this.lists.find(query, request.url);
    void reply.header('Cache-Status', cacheStatus);
    if (isFresh(request, reply, etag)) return void reply.send();
    void reply.type(JSON_TYPE).send(body);
  }

  @Get(':id')
  @Public()
  @ApiOperation({ summary: 'One show', operationId: 'getShow' })
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiOkResponse({ type: Show, headers: CACHE_HEADERS })
  @ApiResponse({ status: 304, description: 'The copy named by If-None-Match is still good.' })
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  async find(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.cached.find(uuid(id));
    if (!found) throw showNotFound();
    const { bytes, etag } = found.item.write(await this.clock.now());
    void reply.header('Cache-Status', found.hit ? HIT : STORED);
    if (isFresh(request, reply, etag)) return void reply.send();
    void reply.type(JSON_TYPE).send(bytes);
  }

  @Post()
  @AdminOnly()
  @BodyLimit(BODY_LIMITS.show)
  @ApiOperation({ summary: 'Create a show', operationId: 'createShow' })
  @ApiBearerAuth()
  @ApiCreatedResponse({ type: Show, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  async create(
    @Body() body: CreateShow,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Show> {
    const show = await this.shows.create(newShowFields(body));
    void reply.header('Location', `/api/v1/shows/${show.id}`);
    return this.answer(show, reply);
  }

  @Patch(':id')
  @AdminOnly()
  @BodyLimit(BODY_LIMITS.show)
  @ApiOperation({
    summary: 'Edit a show',
    operationId: 'updateShow',
    description:
      'A moved `startsAt` takes `endsAt`, `bookingClosesAt` and `cancelUntil` along unless the ' +
      'request names them, never `bookingOpensAt`. A show with active bookings is not moved into ' +
      'the past (409 `START_IN_PAST`).',
  })
  @ApiBearerAuth()
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: Show })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  @ApiProblem(409, 'CAPACITY_BELOW_BOOKED', 'START_IN_PAST')
  @ApiProblem(412, 'PRECONDITION_FAILED')
  async update(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: UpdateShow,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Show> {
    const revision = revisionOf(ifMatch);
    return this.answer(await this.shows.edit(uuid(id), changedShowFields(body), revision), reply);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @AdminOnly()
  @ApiOperation({ summary: 'Cancel a show and all of its bookings', operationId: 'cancelShow' })
  @ApiBearerAuth()
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiOkResponse({ type: Show })
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  async cancel(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Show> {
    return this.answer(await this.shows.cancel(uuid(id)), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @AdminOnly()
  @ApiOperation({ summary: 'Delete a show that was never booked', operationId: 'deleteShow' })
  @ApiBearerAuth()
  @ApiParam({ name: 'id', type: String, format: 'uuid' })
  @ApiHeader(IF_MATCH)
  @ApiNoContentResponse()
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  @ApiProblem(404, 'SHOW_NOT_FOUND')
  @ApiProblem(409, 'SHOW_HAS_BOOKINGS')
  @ApiProblem(412, 'PRECONDITION_FAILED')
  async delete(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.shows.delete(uuid(id), revisionOf(ifMatch));
  }

  private async answer(show: ShowEntity, reply: FastifyReply): Promise<Show> {
    // Read again, since only the reader computes `nextReleaseAt`. The change is committed even if this
    // read fails.
    const found = await this.reader.find(show.id).catch(() => null);
    const reading = found ?? { show, nextReleaseAt: null };
    const view = viewShow(reading, await this.clock.now());
    void reply.header('ETag', etagOfShow(reading.show.revision, view));
    return view;
  }
}

/** An invalid id is an unknown show. */
function uuid(id: string): string {
  if (!isUUID(id)) throw showNotFound();
  return id.toLowerCase();
}
