import {
  BookingEngine,
  LIVE_EVENT,
  LiveNews,
  LiveUpdates,
  MissedAnnouncements,
  ShowsReader,
  type LivePublisher,
  type LiveUpdate,
} from '@modex/domain';
import {
  createBackplane,
  LOGGER,
  observeBackplane,
  type Backplane,
  type Logger,
} from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Server } from 'socket.io';
import { WorkerConfig } from '../config/worker-config.js';

/**
 * Tells the API instances what this worker changed, through a Socket.IO server that has no port:
 * they bring it to their sockets.
 */
@Injectable()
export class FeedService implements LivePublisher, OnApplicationShutdown {
  private readonly backplane: Backplane;
  private readonly server: Server;
  private readonly updates: LiveUpdates;

  constructor(
    config: WorkerConfig,
    engine: BookingEngine,
    shows: ShowsReader,
    private readonly missed: MissedAnnouncements,
    private readonly news: LiveNews,
    @Inject(LOGGER) logger: Logger,
    registry: Registry,
  ) {
    this.backplane = createBackplane(config.backplaneSettings, 'modex worker', logger);
    observeBackplane(registry, this.backplane);
    this.server = new Server({ adapter: this.backplane.adapter });
    this.server.on(LIVE_EVENT, (update: string) => this.hear(JSON.parse(update) as LiveUpdate));
    this.updates = new LiveUpdates(engine, shows, this, (error) =>
      logger.warn({ err: error }, 'live updates were lost'),
    );
  }

  publish(update: LiveUpdate): void {
    this.server.serverSideEmit(LIVE_EVENT, JSON.stringify(update));
    // It does not come back to the process that sends it.
    this.hear(update);
  }

  private hear(update: LiveUpdate): void {
    this.missed.hear(update);
    this.news.tell(update);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.updates.close();
    // The server itself cannot be closed: it has no port and hence no engine.
    await this.server.of('/').adapter.close();
    await this.backplane.close();
  }
}
