import {
  BookingEngine,
  LIVE_EVENT,
  LiveNews,
  LiveUpdates,
  ShowsReader,
  type LivePublisher,
  type LiveUpdate,
} from '@modex/domain';
import type { Logger } from '@modex/platform';
import type { LiveServer } from './live-server.js';

/**
 * Joins this process with the others: tells them once a flush what it committed, and makes news of
 * what they tell and of its own.
 */
export class LiveFeed implements LivePublisher {
  private readonly updates: LiveUpdates;

  constructor(
    private readonly server: LiveServer,
    private readonly news: LiveNews,
    engine: BookingEngine,
    shows: ShowsReader,
    logger: Logger,
  ) {
    server.on(LIVE_EVENT, (update) => news.tell(JSON.parse(update) as LiveUpdate));
    this.updates = new LiveUpdates(engine, shows, this, (error) =>
      logger.warn({ err: error }, 'live updates were lost'),
    );
  }

  publish(update: LiveUpdate): void {
    // It does not come back to the process that sends it.
    this.server.serverSideEmit(LIVE_EVENT, JSON.stringify(update));
    this.news.tell(update);
  }

  close(): Promise<void> {
    return this.updates.close();
  }
}
