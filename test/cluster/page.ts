import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { reconnectAtRandom } from '../../frontend/src/lib/live/reconnect-at-random.js';
import type { ShowsUpdated } from '../live-client.js';

export interface Counters {
  id: string;
  availableSlots: number;
  heldSlots: number;
  version: number;
}

/** Somebody who looks at all shows, as the single-page app does it. */
export class Page {
  /** When it was told to leave, and when its connection ended. Milliseconds. */
  readonly toldToLeave: number[] = [];
  readonly left: number[] = [];
  /** What is on the screen. */
  readonly shows = new Map<string, Counters>();
  readonly socket: Socket;

  constructor(private readonly url: string) {
    this.socket = io(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 500 });
    this.socket.on('connect', () => void this.readAgain());
    this.socket.on('disconnect', () => this.left.push(performance.now()));
    this.socket.on('showsUpdated', ({ shows, changed, resync }: ShowsUpdated) => {
      shows?.forEach((show) => this.show(show));
      if (changed ?? resync) void this.readAgain();
    });
    this.socket.on('serverStopping', ({ reconnectWithinMs }: { reconnectWithinMs: number }) => {
      this.toldToLeave.push(performance.now());
      reconnectAtRandom(this.socket, reconnectWithinMs);
    });
  }

  close(): void {
    this.socket.disconnect();
  }

  private async readAgain(): Promise<void> {
    await sleep(Math.random() * 500);
    const response = await fetch(`${this.url}/api/v1/shows?limit=100`).catch(() => null);
    if (!response?.ok) return;
    const { data } = (await response.json()) as { data: Counters[] };
    for (const show of data) this.show(show);
  }

  private show({ id, availableSlots, heldSlots, version }: Counters): void {
    const known = this.shows.get(id);
    if (known && known.version >= version) return;
    this.shows.set(id, { id, availableSlots, heldSlots, version });
  }
}
