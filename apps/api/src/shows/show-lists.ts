import { DatabaseClock, ShowsReader, viewShow, type ShowPosition } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Cursors } from '../http/cursors.js';
import { cutPage } from '../http/page.js';
import type { ShowPage } from './dto/show.dto.js';
import type { ShowQuery } from './dto/show-query.dto.js';

const LIST = 'shows';

/** Pages of shows. */
@Injectable()
export class ShowLists {
  constructor(
    private readonly reader: ShowsReader,
    private readonly clock: DatabaseClock,
    private readonly cursors: Cursors,
  ) {}

  /** @throws VALIDATION_FAILED for a cursor that is not one of this list */
  async find(query: ShowQuery): Promise<ShowPage> {
    const now = await this.clock.now();
    const filter = {
      text: query.q,
      kind: query.kind,
      region: query.region,
      from: query.from === undefined ? now : new Date(query.from),
      to: query.to === undefined ? undefined : new Date(query.to),
      availableAt: query.available === 'true' ? now : undefined,
    };
    const found = await this.reader.list(filter, query.limit, this.position(query.cursor));
    return cutPage(
      found,
      query.limit,
      (reading) => viewShow(reading, now),
      ({ show }) => this.cursors.encode(LIST, [show.startsAt.toISOString(), show.id]),
    );
  }

  private position(cursor: string | undefined): ShowPosition | undefined {
    if (cursor === undefined) return undefined;
    const [startsAt = '', id = ''] = this.cursors.decode(LIST, cursor);
    return { startsAt: new Date(startsAt), id };
  }
}
