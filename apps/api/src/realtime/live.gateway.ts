import { BookingEngine, LiveNews, ShowsReader } from '@modex/domain';
import { FEED, HealthChecks, LOGGER, type FeedAdapter, type Logger } from '@modex/platform';
import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { ApiConfig } from '../config/api-config.js';
import { Farewell } from './farewell.js';
import { LiveDelivery } from './live-delivery.js';
import type { Acknowledgement, ClientToServerEvents } from './live-events.js';
import { LiveFeed } from './live-feed.js';
import { LiveMetrics } from './live-metrics.js';
import type { LiveServer, LiveSocket } from './live-server.js';
import { ALL_SHOWS_ROOM } from './rooms.js';
import { becomeUser, identify } from './socket-identity.js';
import { SocketSweep } from './socket-sweep.js';
import { WATCH_RULE, watchedRooms } from './watched-rooms.js';

/** The sockets of people who look at shows. A token is optional; with one they hear of their bookings. */
@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnGatewayConnection, OnApplicationShutdown {
  private feedOut: LiveFeed | null = null;
  private delivery: LiveDelivery | null = null;
  private sweep: SocketSweep | null = null;
  private farewell: Farewell | null = null;

  constructor(
    private readonly engine: BookingEngine,
    private readonly shows: ShowsReader,
    private readonly jwt: JwtService,
    private readonly news: LiveNews,
    private readonly metrics: LiveMetrics,
    private readonly health: HealthChecks,
    private readonly config: ApiConfig,
    @Inject(FEED) private readonly feed: FeedAdapter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  afterInit(server: LiveServer): void {
    // Guards do not run at a connection, so the handshake is looked at here.
    server.use((socket, next) => {
      this.admit(socket)
        .then((refusal) => next(refusal === null ? undefined : new Error(refusal)))
        .catch(next);
    });
    this.metrics.countSockets(() => server.sockets.sockets.size);
    this.delivery = new LiveDelivery(server, this.news, this.metrics);
    this.sweep = new SocketSweep(server, this.metrics);
    this.feedOut = new LiveFeed(server, this.news, this.engine, this.shows, this.logger);
    this.feed.onListening(() => this.news.interrupt());
    this.farewell = new Farewell(server, this.health, this.config.SHUTDOWN_DELAY_SECONDS * 1_000);
  }

  async handleConnection(socket: LiveSocket): Promise<void> {
    this.answer(socket, 'watchShows', ({ ids }) => this.watch(socket, ids));
    this.answer(socket, 'authenticate', ({ token }) => this.authenticate(socket, token));
    const { identity, rooms } = socket.data;
    await socket.join(rooms ?? ALL_SHOWS_ROOM);
    if (identity) await becomeUser(socket, identity);
    this.farewell?.greet(socket);
  }

  async onApplicationShutdown(): Promise<void> {
    this.sweep?.close();
    await this.feedOut?.close();
    this.delivery?.close();
    await this.feed.close();
  }

  /** Null, or the code of the refusal. */
  private async admit(socket: LiveSocket): Promise<string | null> {
    const { token, watch } = socket.handshake.auth as { token?: unknown; watch?: unknown };
    if (watch !== undefined && watch !== null) {
      const rooms = watchedRooms(watch);
      if (!rooms) return 'VALIDATION_FAILED';
      socket.data.rooms = rooms;
    }
    if (token === undefined || token === null) return null;
    try {
      socket.data.identity = await identify(this.jwt, token);
      return null;
    } catch {
      return 'UNAUTHORIZED';
    }
  }

  private async watch(socket: LiveSocket, ids: unknown): Promise<Acknowledgement> {
    const rooms = watchedRooms(ids);
    if (!rooms) return { ok: false, code: 'VALIDATION_FAILED', detail: `ids ${WATCH_RULE}` };
    const before = [...socket.rooms].filter((room) => room.startsWith('show'));
    for (const room of before) await socket.leave(room);
    await socket.join(rooms);
    return { ok: true };
  }

  private async authenticate(socket: LiveSocket, token: unknown): Promise<Acknowledgement> {
    const identity = await identify(this.jwt, token).catch(() => null);
    if (!identity) {
      return { ok: false, code: 'UNAUTHORIZED', detail: 'The access token is not valid' };
    }
    await becomeUser(socket, identity);
    return { ok: true };
  }

  /** A client may send anything, with a function to acknowledge it or without. */
  private answer(
    socket: LiveSocket,
    event: keyof ClientToServerEvents,
    act: (request: Record<string, unknown>) => Promise<Acknowledgement>,
  ): void {
    socket.on(event, (...said: unknown[]) => {
      const acknowledge = said.find((each) => typeof each === 'function');
      act((said[0] ?? {}) as Record<string, unknown>)
        .then((answer) => acknowledge?.(answer) as unknown)
        .catch((error: unknown) => this.logger.warn({ err: error }, `${event} failed`));
    });
  }
}
