import {
  BookingEngine,
  LIVE_EVENT,
  LiveUpdates,
  ShowsReader,
  type LiveUpdate,
} from '@modex/domain';
import { createFeedAdapter, LOGGER, type FeedAdapter, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Server } from 'socket.io';
import { WorkerConfig } from '../config/worker-config.js';

/**
 * Tells the API instances what this worker changed, through a Socket.IO server that has no port:
 * they bring it to their sockets.
 */
@Injectable()
export class FeedService implements OnApplicationShutdown {
  private readonly feed: FeedAdapter;
  private readonly server: Server;
  private readonly updates: LiveUpdates;

  constructor(
    config: WorkerConfig,
    engine: BookingEngine,
    shows: ShowsReader,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.feed = createFeedAdapter(config.directDatabaseUrl, 'modex worker', logger);
    this.server = new Server({ adapter: this.feed.adapter });
    const publish = (update: LiveUpdate) =>
      this.server.serverSideEmit(LIVE_EVENT, JSON.stringify(update));
    this.updates = new LiveUpdates(engine, shows, { publish }, (error) =>
      logger.warn({ err: error }, 'live updates were lost'),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.updates.close();
    // The server itself cannot be closed: it has no port and hence no engine.
    await this.server.of('/').adapter.close();
    await this.feed.close();
  }
}
