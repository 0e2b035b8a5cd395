import { overloaded, ShowsSearch, type ShowReading, type ShowSearchQuery } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { ApiConfig } from '../config/api-config.js';

const STATEMENT_TIMEOUT_MS = 500;
const MAX_WAIT_MS = 1_000;
/** Searches queued for each one in flight; past that they get 503 at once. */
const QUEUED_PER_SEARCH = 16;

/** Admission control of searches: a few in flight, on their own connections. */
@Injectable()
export class ShowSearch {
  private readonly limit: LimitFunction;
  private readonly maxQueued: number;

  constructor(
    { MAX_SEARCHES_IN_FLIGHT }: ApiConfig,
    private readonly search: ShowsSearch,
  ) {
    this.limit = pLimit(MAX_SEARCHES_IN_FLIGHT);
    this.maxQueued = MAX_SEARCHES_IN_FLIGHT * QUEUED_PER_SEARCH;
  }

  /** @throws OVERLOADED */
  async find(query: ShowSearchQuery): Promise<ShowReading[]> {
    if (this.limit.pendingCount >= this.maxQueued) throw overloaded();
    const since = performance.now();
    return this.limit(() => {
      if (performance.now() - since > MAX_WAIT_MS) throw overloaded();
      return this.search.find(query, STATEMENT_TIMEOUT_MS);
    });
  }
}
