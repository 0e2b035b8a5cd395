import { AVAILABILITY_EVENT, type AvailabilityUpdate, type ShowCounters } from '@modex/domain';
import { BackplaneChannel, createBackplane, createLogger, PortlessServer } from '@modex/platform';
import type { Installation } from '../../../../test/installation.js';

/** One more process of an installation, which broadcasts whatever a test asks for. */
export class Broadcaster {
  private readonly server: PortlessServer;
  private readonly channel: BackplaneChannel<AvailabilityUpdate>;

  constructor({ database }: Installation) {
    const logger = createLogger('broadcaster', 'fatal');
    const settings = { databaseUrl: database.url };
    this.server = new PortlessServer(createBackplane(settings, 'broadcaster', logger));
    this.channel = new BackplaneChannel(this.server.server, AVAILABILITY_EVENT, () => {});
  }

  /** Broadcasts new counters of these shows. */
  broadcast(ids: string[], version: number): void {
    const shows = ids.map((id): ShowCounters => {
      const slots = { availableSlots: 1, heldSlots: 0, totalSlots: 1, nextReleaseAt: null };
      return { id, ...slots, status: 'SCHEDULED', version };
    });
    this.channel.publish({ since: new Date().toISOString(), shows, edited: [], bookings: [] });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
