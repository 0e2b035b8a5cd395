import {
  AVAILABILITY_EVENT,
  AvailabilityBroadcast,
  AvailabilityUpdates,
  BookingEngine,
  MissedBroadcasts,
  ShowsReader,
  type AvailabilityPublisher,
  type AvailabilityUpdate,
} from '@modex/domain';
import {
  BackplaneChannel,
  createBackplane,
  LOGGER,
  observeBackplane,
  PortlessServer,
  type Logger,
} from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { WorkerConfig } from '../config/worker-config.js';

/** Broadcasts what this worker changed to the API instances, which send it to their sockets. */
@Injectable()
export class AvailabilityService implements AvailabilityPublisher, OnApplicationShutdown {
  private readonly server: PortlessServer;
  private readonly channel: BackplaneChannel<AvailabilityUpdate>;
  private readonly broadcast: AvailabilityBroadcast;

  constructor(
    config: WorkerConfig,
    engine: BookingEngine,
    shows: ShowsReader,
    missed: MissedBroadcasts,
    updates: AvailabilityUpdates,
    @Inject(LOGGER) logger: Logger,
    registry: Registry,
  ) {
    const backplane = createBackplane(config.backplaneSettings, 'modex worker', logger);
    observeBackplane(registry, backplane);
    this.server = new PortlessServer(backplane);
    this.channel = new BackplaneChannel(this.server.server, AVAILABILITY_EVENT, (update) => {
      missed.record(update);
      updates.receive(update);
    });
    this.broadcast = new AvailabilityBroadcast(engine, shows, this, (error) =>
      logger.warn({ err: error }, 'an availability broadcast failed'),
    );
  }

  publish(update: AvailabilityUpdate): void {
    this.channel.publish(update);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broadcast.close();
    await this.server.close();
  }
}
