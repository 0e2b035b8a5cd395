import { LIVE_EVENT, type LiveUpdate, type ShowCounters } from '@modex/domain';
import { createBackplane, createLogger, type Backplane } from '@modex/platform';
import { Server } from 'socket.io';
import type { Installation } from '../../../../test/installation.js';

/** A process more of an installation, which tells the others whatever a test wants. */
export class Announcer {
  private readonly backplane: Backplane;
  private readonly server: Server;

  constructor({ database }: Installation) {
    const logger = createLogger('announcer', 'fatal');
    this.backplane = createBackplane({ databaseUrl: database.url }, 'announcer', logger);
    this.server = new Server({ adapter: this.backplane.adapter });
  }

  /** New counters of these shows. */
  announce(ids: string[], version: number): void {
    const shows = ids.map((id): ShowCounters => {
      const slots = { availableSlots: 1, heldSlots: 0, totalSlots: 1, nextReleaseAt: null };
      return { id, ...slots, status: 'SCHEDULED', version };
    });
    const update: LiveUpdate = {
      since: new Date().toISOString(),
      shows,
      edited: [],
      bookings: [],
    };
    this.server.serverSideEmit(LIVE_EVENT, JSON.stringify(update));
  }

  async close(): Promise<void> {
    await this.server.of('/').adapter.close();
    await this.backplane.close();
  }
}
