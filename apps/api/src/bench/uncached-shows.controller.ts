import { DatabaseClock, ShowsReader, viewShow } from '@modex/domain';
import { Controller, Get, Module, Query } from '@nestjs/common';
import { Public } from '../http/access/public.decorator.js';
import { cutPage } from '../http/page.js';
import { ShowPage } from '../shows/dto/show.dto.js';
import { ShowQuery } from '../shows/dto/show-query.dto.js';

/**
 * The first page of shows as the original design reads it: every request asks the database, makes
 * entities of the rows, views of the entities and JSON of the views. Hooks, guards, limits,
 * validation and log line are those of `GET /shows`.
 */
@Controller('bench/uncached-shows')
export class UncachedShowsController {
  constructor(
    private readonly reader: ShowsReader,
    private readonly clock: DatabaseClock,
  ) {}

  @Get()
  @Public()
  async list(@Query() { limit }: ShowQuery): Promise<ShowPage> {
    const now = await this.clock.now();
    const found = await this.reader.list({ endsAfter: now }, limit);
    return cutPage(
      found,
      limit,
      (reading) => viewShow(reading, now),
      ({ show }) => show.id,
    );
  }
}

@Module({ controllers: [UncachedShowsController] })
export class UncachedShowsModule {}
