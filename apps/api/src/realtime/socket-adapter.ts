import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { FeedAdapter } from '@modex/platform';
import type { Server, ServerOptions } from 'socket.io';
import type { ApiConfig } from '../config/api-config.js';
import { clientAddress, trustProxies, type TrustProxy } from '../http/client-address.js';
import { rawAnswer } from '../http/framework-errors.js';
import { isOfOwnOrigin } from '../http/own-origin.js';
import type { ProblemSource } from '../http/problem.js';
import { securityHeadersOfApi } from '../http/security-headers.js';
import { ConnectionLimit } from './connection-limit.js';
import { ConnectionPace } from './connection-pace.js';
import type { LiveMetrics } from './live-metrics.js';
import { limitPackets } from './packet-limit.js';

const PATH = '/socket.io';
/** A client has nothing longer to say than a token and a list of 200 show ids. Bytes. */
const MAX_MESSAGE = 16_384;
/** Whoever has connected says in this time who they are; a client may have to renew its token first. */
const CONNECT_TIMEOUT_MS = 15_000;

const FOREIGN: ProblemSource = {
  status: 403,
  code: 'FORBIDDEN',
  detail: 'This page is not of this installation.',
};
const OVERLOADED: ProblemSource = {
  status: 503,
  code: 'OVERLOADED',
  detail: 'Too many connect at once.',
  members: { retryAfter: 5 },
};
const TOO_MANY: ProblemSource = {
  status: 429,
  code: 'TOO_MANY_CONNECTIONS',
  detail: 'Your address has too many connections.',
  members: { retryAfter: 30 },
};
const NO_SOCKET: ProblemSource = {
  status: 404,
  code: 'NOT_FOUND',
  detail: `Sockets are at ${PATH}/ only.`,
};

type Decide = (error: string | null, isAllowed: boolean) => void;

/**
 * Socket.IO on the API's own port, joined with all other processes by the feed's adapter.
 * Websocket only: long polling would need a load balancer that keeps a client on one instance.
 */
export class SocketAdapter extends IoAdapter {
  private readonly pace: ConnectionPace;
  private readonly ofAddresses: ConnectionLimit;
  /** Of handshakes: a connection that has ended does not tell any more. */
  private readonly addresses = new WeakMap<IncomingMessage, string>();
  private readonly publicUrl: URL;
  private readonly trustProxy: TrustProxy;
  /** Of every answer. */
  private readonly headers: Record<string, string>;

  constructor(
    app: NestFastifyApplication,
    private readonly feed: FeedAdapter,
    private readonly metrics: LiveMetrics,
    config: ApiConfig,
  ) {
    super(app);
    this.pace = new ConnectionPace(config.SOCKETS_PER_SECOND);
    this.ofAddresses = new ConnectionLimit(config.SOCKETS_PER_ADDRESS);
    this.publicUrl = config.publicUrl;
    this.trustProxy = trustProxies(config.TRUST_PROXY_HOPS);
    this.headers = securityHeadersOfApi(config.publicUrl);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      path: PATH,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // One compressor for each socket would cost more memory and CPU than the short messages save.
      perMessageDeflate: false,
      adapter: this.feed.adapter,
      allowRequest: (request, decide) => this.allow(request, decide),
      // Other upgrades are refused below, at once.
      destroyUpgrade: false,
    } as ServerOptions);
    // Another transport for a connection that exists would not be asked whether it is allowed.
    server.engine.use((request: EngineRequest, _response: unknown, next: (error?: Error) => void) =>
      next(request._query['sid'] === undefined ? undefined : new Error('one transport only')),
    );
    limitPackets(server.engine, (request) => {
      this.metrics.floodingSockets.inc();
      const address = this.addresses.get(request);
      if (address !== undefined) this.ofAddresses.penalise(address);
    });
    (this.httpServer as HttpServer).on('upgrade', (request: IncomingMessage, socket: Socket) => {
      if (!request.url?.startsWith(`${PATH}/`)) this.refuse(request, socket, NO_SOCKET);
    });
    return server;
  }

  private allow(request: IncomingMessage, decide: Decide): void {
    const { socket } = request;
    // CORS does not cover websockets: any page could open one in a visitor's name.
    if (!isOfOwnOrigin(request.headers, this.publicUrl))
      return this.refuse(request, socket, FOREIGN);
    const address = clientAddress(request, this.trustProxy);
    if (!this.ofAddresses.add(address)) {
      this.metrics.refusedSockets.inc({ reason: 'address' });
      return this.refuse(request, socket, TOO_MANY);
    }
    this.addresses.set(request, address);
    socket.once('close', () => this.ofAddresses.remove(address));
    const hasPlace = waitOn(socket, (accept) =>
      this.pace.queue(() => {
        accept();
        decide(null, true);
      }),
    );
    if (hasPlace) return;
    this.metrics.refusedSockets.inc({ reason: 'overloaded' });
    this.refuse(request, socket, OVERLOADED);
  }

  private refuse({ url }: IncomingMessage, socket: Socket, problem: ProblemSource): void {
    socket.on('error', ignore);
    socket.end(rawAnswer(problem, this.headers, url), () => socket.destroy());
  }
}

interface EngineRequest extends IncomingMessage {
  _query: Record<string, unknown>;
}

/**
 * Looks after a connection until it is accepted and has a websocket: nobody else listens until then.
 * @param queue gets what to call first when it is accepted; returns how to leave the queue, or null
 *   where it is full
 * @returns whether it has a place
 */
function waitOn(socket: Socket, queue: (accept: () => void) => (() => void) | null): boolean {
  let leave: (() => void) | null = null;
  const onClose = () => leave?.();
  // Without a reader the end of the stream would not be noticed.
  const onReadable = () => void socket.read(0);
  const onEnd = () => socket.destroy();
  // A line that breaks would end the process.
  socket.on('error', ignore).on('close', onClose).on('readable', onReadable).on('end', onEnd);
  leave = queue(() => {
    socket.off('error', ignore).off('close', onClose).off('readable', onReadable).off('end', onEnd);
  });
  return leave !== null;
}

const ignore = () => {};
