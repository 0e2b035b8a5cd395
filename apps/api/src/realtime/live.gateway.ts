import {
  AVAILABILITY_EVENT,
  AvailabilityBroadcast,
  AvailabilityUpdates,
  BookingEngine,
  ShowsReader,
  type AvailabilityUpdate,
} from '@modex/domain';
import {
  BACKPLANE,
  BackplaneChannel,
  HealthChecks,
  LOGGER,
  type Backplane,
  type Logger,
} from '@modex/platform';
import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { ApiConfig } from '../config/api-config.js';
import { serveRequests } from './client-requests.js';
import { ConnectionDraining } from './connection-draining.js';
import { IdentityExpiry } from './identity-expiry.js';
import { LiveDelivery } from './live-delivery.js';
import type { Acknowledgement, Refusal } from './live-events.js';
import { LiveMetrics } from './live-metrics.js';
import type { LiveServer, LiveSocket } from './live-server.js';
import { SlowConsumerEviction } from './slow-consumer-eviction.js';
import { becomeUser, identify } from './socket-identity.js';
import { WATCH_RULE, watchedRooms, watchRooms } from './watched-rooms.js';

/** The sockets of customers. A token is optional; with one they receive their own bookings too. */
@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnGatewayConnection, OnApplicationShutdown {
  private broadcast: AvailabilityBroadcast | null = null;
  private delivery: LiveDelivery | null = null;
  private eviction: SlowConsumerEviction | null = null;
  private identityExpiry: IdentityExpiry | null = null;
  private draining: ConnectionDraining | null = null;
  /** Connections that have a socket: a second one would bypass the limits. */
  private readonly clients = new WeakSet<LiveSocket['client']>();

  constructor(
    private readonly engine: BookingEngine,
    private readonly shows: ShowsReader,
    private readonly jwt: JwtService,
    private readonly updates: AvailabilityUpdates,
    private readonly metrics: LiveMetrics,
    private readonly health: HealthChecks,
    private readonly config: ApiConfig,
    @Inject(BACKPLANE) private readonly backplane: Backplane,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  afterInit(server: LiveServer): void {
    // Guards do not run at a connection, so the handshake is checked here.
    server.use((socket, next) => {
      this.admit(socket)
        .then((refusal) => (refusal ? refuse(socket, refusal, next) : next()))
        .catch(next);
    });
    this.metrics.countSockets(() => server.sockets.sockets.size);
    this.delivery = new LiveDelivery(server, this.updates, this.metrics);
    this.eviction = new SlowConsumerEviction(server, this.metrics);
    this.identityExpiry = new IdentityExpiry(server);
    const channel = new BackplaneChannel<AvailabilityUpdate>(server, AVAILABILITY_EVENT, (update) =>
      this.updates.receive(update),
    );
    this.broadcast = new AvailabilityBroadcast(this.engine, this.shows, channel, (error) =>
      this.logger.warn({ err: error }, 'an availability broadcast failed'),
    );
    this.backplane.onSubscribed(() => this.updates.interrupt());
    this.draining = new ConnectionDraining(
      server,
      this.health,
      this.config.SHUTDOWN_DELAY_SECONDS * 1_000,
    );
  }

  handleConnection(socket: LiveSocket): void {
    serveRequests(
      socket,
      {
        watchShows: ({ ids }) => this.watch(socket, ids),
        authenticate: ({ token }) => this.authenticate(socket, token),
      },
      (error, event) => this.logger.warn({ err: error, event }, 'a socket request failed'),
    );
    this.draining?.onConnection(socket);
  }

  async onApplicationShutdown(): Promise<void> {
    this.eviction?.close();
    this.identityExpiry?.close();
    await this.broadcast?.close();
    this.delivery?.close();
    await this.backplane.close();
  }

  /** Joins the socket to its rooms. Socket.IO removes a refused socket from them. */
  private async admit(socket: LiveSocket): Promise<Refusal | null> {
    if (this.clients.has(socket.client)) return ALREADY_CONNECTED;
    this.clients.add(socket.client);
    const { token, watch } = socket.handshake.auth as { token?: unknown; watch?: unknown };
    const watched = await this.watch(socket, watch ?? 'all');
    if (!watched.ok) return watched;
    if (token === undefined || token === null) return null;
    const known = await this.authenticate(socket, token);
    return known.ok ? null : known;
  }

  private async watch(socket: LiveSocket, ids: unknown): Promise<Acknowledgement> {
    const rooms = watchedRooms(ids);
    if (!rooms) return { ok: false, code: 'VALIDATION_FAILED', detail: `ids ${WATCH_RULE}` };
    await watchRooms(socket, rooms);
    return { ok: true };
  }

  private async authenticate(socket: LiveSocket, token: unknown): Promise<Acknowledgement> {
    const identity = await identify(this.jwt, token).catch(() => null);
    if (!identity) {
      return { ok: false, code: 'UNAUTHORIZED', detail: 'The access token is not valid' };
    }
    if (await becomeUser(socket, identity, this.config.SOCKETS_PER_ACCOUNT)) return { ok: true };
    this.metrics.refusedSockets.inc({ reason: 'account' });
    return {
      ok: false,
      code: 'TOO_MANY_CONNECTIONS',
      detail: `Your account has ${this.config.SOCKETS_PER_ACCOUNT} connections already`,
    };
  }
}

const ALREADY_CONNECTED: Refusal = {
  ok: false,
  code: 'ALREADY_CONNECTED',
  detail: 'A connection carries one socket',
};

/** Answers a handshake with an error and closes its connection. */
function refuse(socket: LiveSocket, refusal: Refusal, next: (error: Error) => void): void {
  next(Object.assign(new Error(refusal.code), { data: refusal }));
  setImmediate(() => socket.conn.close());
}
