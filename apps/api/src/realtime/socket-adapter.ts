import type { IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { FeedAdapter } from '@modex/platform';
import type { Server, ServerOptions } from 'socket.io';

/** A client has nothing longer to say than a list of 200 show ids. Bytes. */
const MAX_MESSAGE = 16_384;

/**
 * Socket.IO on the API's own port, joined with all other processes by the feed's adapter.
 * Websocket only: long polling would need a load balancer that keeps a client on one instance.
 */
export class SocketAdapter extends IoAdapter {
  constructor(
    app: NestFastifyApplication,
    private readonly feed: FeedAdapter,
    private readonly publicUrl: URL,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      path: '/socket.io',
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE,
      adapter: this.feed.adapter,
      allowRequest: (request, decide) => decide(null, this.isFromHere(request)),
    } as ServerOptions);
  }

  /** CORS does not cover websockets: without this check any page could open one in a visitor's name. */
  private isFromHere({ headers }: IncomingMessage): boolean {
    if (headers.origin === undefined) return true;
    if (!URL.canParse(headers.origin)) return false;
    const { host } = new URL(headers.origin);
    return host === headers.host || host === this.publicUrl.host;
  }
}
