import type { IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { FeedAdapter } from '@modex/platform';
import type { Server, ServerOptions } from 'socket.io';
import type { ApiConfig } from '../config/api-config.js';
import { isOfOwnOrigin } from '../http/own-origin.js';
import { ConnectionPace } from './connection-pace.js';

/** A client has nothing longer to say than a token and a list of 200 show ids. Bytes. */
const MAX_MESSAGE = 16_384;

const COME_AGAIN = [
  'HTTP/1.1 503 Service Unavailable',
  'Connection: close',
  'Retry-After: 5',
  'Content-Type: text/plain',
  'Content-Length: 10',
  '',
  'OVERLOADED',
].join('\r\n');

type Decide = (error: string | null, isAllowed: boolean) => void;

/**
 * Socket.IO on the API's own port, joined with all other processes by the feed's adapter.
 * Websocket only: long polling would need a load balancer that keeps a client on one instance.
 */
export class SocketAdapter extends IoAdapter {
  private readonly pace: ConnectionPace;
  private readonly publicUrl: URL;

  constructor(
    app: NestFastifyApplication,
    private readonly feed: FeedAdapter,
    config: ApiConfig,
  ) {
    super(app);
    this.pace = new ConnectionPace(config.SOCKETS_PER_SECOND);
    this.publicUrl = config.publicUrl;
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      path: '/socket.io',
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE,
      // One compressor for each socket would cost more memory and CPU than the short messages save.
      perMessageDeflate: false,
      adapter: this.feed.adapter,
      allowRequest: (request, decide) => this.allow(request, decide),
    } as ServerOptions);
  }

  private allow(request: IncomingMessage, decide: Decide): void {
    // CORS does not cover websockets: any page could open one in a visitor's name.
    if (!isOfOwnOrigin(request.headers, this.publicUrl)) return decide(null, false);
    const { socket } = request;
    // Until it is a websocket nobody else listens, and a line that breaks would end the process.
    const ignore = () => {};
    socket.on('error', ignore);
    const isInLine = this.pace.line(() => {
      socket.off('error', ignore);
      decide(null, true);
    });
    if (!isInLine) socket.end(COME_AGAIN, () => socket.destroy());
  }
}
