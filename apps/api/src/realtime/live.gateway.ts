import { BookingEngine, ShowsReader, type Actor } from '@modex/domain';
import { FEED, LOGGER, type FeedAdapter, type Logger } from '@modex/platform';
import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { isUUID } from 'class-validator';
import type { Socket } from 'socket.io';
import { actorOf, type AccessClaims } from '../http/access/access-tokens.js';
import type { ClientToServerEvents, ServerToClientEvents, WatchAnswer } from './live-events.js';
import { LiveFeed, type InterServerEvents, type LiveServer } from './live-feed.js';
import { ALL_SHOWS_ROOM, showRoom, userRoom } from './rooms.js';

const MAX_WATCHED = 200;

interface SocketData {
  actor?: Actor;
}

type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;

/** The sockets of people who look at shows. A token is optional; with one they hear of their bookings. */
@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnGatewayConnection, OnApplicationShutdown {
  private live: LiveFeed | null = null;

  constructor(
    private readonly engine: BookingEngine,
    private readonly shows: ShowsReader,
    private readonly jwt: JwtService,
    @Inject(FEED) private readonly feed: FeedAdapter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  afterInit(server: LiveServer): void {
    // Guards do not run at a connection, so the token is looked at here.
    server.use((socket: LiveSocket, next) => {
      const { token } = socket.handshake.auth as { token?: unknown };
      if (token === undefined || token === null) return next();
      this.verify(token)
        .then((actor) => {
          socket.data.actor = actor;
          next();
        })
        .catch(() => next(new Error('UNAUTHORIZED')));
    });
    this.live = new LiveFeed(server, this.engine, this.shows, this.logger);
    this.feed.onReconnect(() => this.live?.resync());
  }

  async handleConnection(socket: LiveSocket): Promise<void> {
    const { actor } = socket.data;
    socket.on('watchShows', (...said: unknown[]) => {
      const acknowledge = said.find((each) => typeof each === 'function');
      this.watch(socket, said[0])
        .then((answer) => acknowledge?.(answer) as unknown)
        .catch((error: unknown) => this.logger.warn({ err: error }, 'watchShows failed'));
    });
    await socket.join(actor ? [ALL_SHOWS_ROOM, userRoom(actor.userId)] : ALL_SHOWS_ROOM);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.live?.close();
    await this.feed.close();
  }

  private async verify(token: unknown): Promise<Actor> {
    const claims = await this.jwt.verifyAsync<AccessClaims>(String(token));
    if (claims.typ !== 'access') throw new Error('not an access token');
    return actorOf(claims);
  }

  private async watch(socket: LiveSocket, request: unknown): Promise<WatchAnswer> {
    const { ids } = (request ?? {}) as { ids?: unknown };
    if (ids !== 'all' && !isIdList(ids)) {
      const detail = `ids must be "all" or at most ${MAX_WATCHED} show ids`;
      return { ok: false, code: 'VALIDATION_FAILED', detail };
    }
    const before = [...socket.rooms].filter((room) => room.startsWith('show'));
    for (const room of before) await socket.leave(room);
    await socket.join(ids === 'all' ? ALL_SHOWS_ROOM : ids.map((id) => showRoom(id.toLowerCase())));
    return { ok: true };
  }
}

function isIdList(ids: unknown): ids is string[] {
  return Array.isArray(ids) && ids.length <= MAX_WATCHED && ids.every((id) => isUUID(id));
}
