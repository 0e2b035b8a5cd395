import { Server } from 'socket.io';
import type { Backplane } from './backplane.js';

/**
 * A Socket.IO server without a port, for processes without sockets. Socket.IO's emitter packages do
 * not match the current adapters.
 */
export class PortlessServer {
  readonly server: Server;

  constructor(private readonly backplane: Backplane) {
    this.server = new Server({ adapter: backplane.adapter });
  }

  async close(): Promise<void> {
    // `server.close()` needs an engine, which a server without a port does not have.
    await this.server.of('/').adapter.close();
    await this.backplane.close();
  }
}
