import { io, type Socket } from 'socket.io-client';

interface Counters {
  id: string;
  availableSlots: number;
  heldSlots: number;
  version: number;
  [field: string]: unknown;
}

export interface ShowsUpdated {
  shows?: Counters[];
  changed?: string[];
  listsChanged?: true;
  resync?: true;
}

interface Acknowledgement {
  ok: boolean;
  code?: string;
  retryAfterMs?: number;
}

/** Somebody who watches: a real socket that remembers what it was told. */
export class LiveClient {
  readonly updates: ShowsUpdated[] = [];
  readonly bookings: { id: string; status: string; version: number }[] = [];

  private constructor(readonly socket: Socket) {
    socket.on('showsUpdated', (update: ShowsUpdated) => this.updates.push(update));
    socket.on('bookingUpdated', (booking: (typeof this.bookings)[number]) =>
      this.bookings.push(booking),
    );
  }

  /** @throws when the server refuses the connection */
  static async connect(
    url: string,
    options: { token?: string | null; watch?: unknown; origin?: string } = {},
  ): Promise<LiveClient> {
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: options.token, watch: options.watch },
      extraHeaders: options.origin === undefined ? {} : { origin: options.origin },
    });
    const client = new LiveClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error) => {
        socket.close();
        reject(error);
      });
    });
    return client;
  }

  watch(ids: unknown): Promise<Acknowledgement> {
    return this.ask('watchShows', { ids });
  }

  authenticate(token: unknown): Promise<Acknowledgement> {
    return this.ask('authenticate', { token });
  }

  /** The newest counters it was told of a show. */
  counters(showId: string): Counters | undefined {
    return this.updates
      .flatMap(({ shows }) => shows ?? [])
      .filter(({ id }) => id === showId)
      .sort((a, b) => b.version - a.version)[0];
  }

  close(): void {
    this.socket.close();
  }

  /** Whatever a client may send. */
  ask(event: string, request: unknown): Promise<Acknowledgement> {
    return this.socket.timeout(2_000).emitWithAck(event, request) as Promise<Acknowledgement>;
  }
}
