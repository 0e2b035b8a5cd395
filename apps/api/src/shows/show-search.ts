import { overloaded, ShowsSearch, type ShowReading, type ShowSearchQuery } from '@modex/domain';
import { FewAtOnce } from '@modex/platform';
import { Injectable } from '@nestjs/common';
import { ApiConfig } from '../config/api-config.js';

/** Milliseconds. */
const TIME_LIMIT_MS = 500;
const MAX_WAIT_MS = 1_000;
/** Searches that wait for each one that runs; past that they are refused at once. */
const WAITING_PER_PLACE = 16;

/** Admission control of searches: a few at once, on connections that nobody else uses. */
@Injectable()
export class ShowSearch {
  private readonly places: FewAtOnce;
  private readonly mostWaiting: number;

  constructor(
    { MAX_SEARCHES_IN_FLIGHT }: ApiConfig,
    private readonly search: ShowsSearch,
  ) {
    this.places = new FewAtOnce(MAX_SEARCHES_IN_FLIGHT);
    this.mostWaiting = MAX_SEARCHES_IN_FLIGHT * WAITING_PER_PLACE;
  }

  /** @throws OVERLOADED */
  async find(query: ShowSearchQuery): Promise<ShowReading[]> {
    if (this.places.inLine >= this.mostWaiting) throw overloaded();
    const since = performance.now();
    return this.places.run(() => {
      if (performance.now() - since > MAX_WAIT_MS) throw overloaded();
      return this.search.find(query, TIME_LIMIT_MS);
    });
  }
}
