import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Backplane } from '@modex/platform';
import type { Server, ServerOptions } from 'socket.io';
import type { ApiConfig } from '../config/api-config.js';
import { clientAddress, trustProxies, type TrustProxy } from '../http/client-address.js';
import { rawAnswer } from '../http/framework-errors.js';
import { isOfOwnOrigin } from '../http/own-origin.js';
import type { ProblemSource } from '../http/problem.js';
import { securityHeadersOfApi } from '../http/security-headers.js';
import { AcceptRateLimit } from './accept-rate-limit.js';
import { ConnectionLimit } from './connection-limit.js';
import type { LiveMetrics } from './live-metrics.js';
import { limitPackets } from './packet-limit.js';

const PATH = '/socket.io';
/** Room for a token and a list of 200 show ids. Bytes. */
const MAX_MESSAGE = 16_384;
/** Time to send the Socket.IO handshake; a client may have to refresh its token first. */
const CONNECT_TIMEOUT_MS = 15_000;

const FOREIGN: ProblemSource = {
  status: 403,
  code: 'FORBIDDEN',
  detail: 'This page is not of this installation.',
};
const OVERLOADED: ProblemSource = {
  status: 503,
  code: 'OVERLOADED',
  detail: 'Too many connections are waiting to be accepted.',
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
 * Socket.IO on the API's own port, connected to all other processes by the backplane.
 * Websocket only: long polling would need a load balancer that keeps a client on one instance.
 */
export class SocketAdapter extends IoAdapter {
  private readonly acceptRate: AcceptRateLimit;
  private readonly ofAddresses: ConnectionLimit;
  /** By handshake: a closed connection has no address any more. */
  private readonly addresses = new WeakMap<IncomingMessage, string>();
  private readonly publicUrl: URL;
  private readonly trustProxy: TrustProxy;
  /** Of every response. */
  private readonly headers: Record<string, string>;

  constructor(
    app: NestFastifyApplication,
    private readonly backplane: Backplane,
    private readonly metrics: LiveMetrics,
    config: ApiConfig,
  ) {
    super(app);
    this.acceptRate = new AcceptRateLimit(config.SOCKETS_PER_SECOND);
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
      // A compressor for each socket costs more memory and CPU than the short messages save.
      perMessageDeflate: false,
      adapter: this.backplane.adapter,
      allowRequest: (request, decide) => this.allow(request, decide),
      // Other upgrades are refused below, at once.
      destroyUpgrade: false,
    } as ServerOptions);
    // A second transport of an existing connection would bypass `allowRequest`.
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
    // CORS does not cover websockets: any page could open one with a visitor's cookies.
    if (!isOfOwnOrigin(request.headers, this.publicUrl))
      return this.refuse(request, socket, FOREIGN);
    const address = clientAddress(request, this.trustProxy);
    if (!this.ofAddresses.add(address)) {
      this.metrics.refusedSockets.inc({ reason: 'address' });
      return this.refuse(request, socket, TOO_MANY);
    }
    this.addresses.set(request, address);
    socket.once('close', () => this.ofAddresses.remove(address));
    const isQueued = untilAccepted(socket, (accept) =>
      this.acceptRate.queue(() => {
        accept();
        decide(null, true);
      }),
    );
    if (isQueued) return;
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
 * Handles the events of a connection that is not accepted yet, since nothing else listens to it.
 * @param queue gets what to call first on acceptance; returns how to leave the queue, or null if full
 * @returns whether it is queued
 */
function untilAccepted(
  socket: Socket,
  queue: (accept: () => void) => (() => void) | null,
): boolean {
  let leave: (() => void) | null = null;
  const onClose = () => leave?.();
  // Without a reader the end of the stream is not emitted.
  const onReadable = () => void socket.read(0);
  const onEnd = () => socket.destroy();
  // An unhandled error event would end the process.
  socket.on('error', ignore).on('close', onClose).on('readable', onReadable).on('end', onEnd);
  leave = queue(() => {
    socket.off('error', ignore).off('close', onClose).off('readable', onReadable).off('end', onEnd);
  });
  return leave !== null;
}

const ignore = () => {};
