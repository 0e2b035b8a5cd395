import type { LiveServer } from './live-server.js';
import { becomeVisitor } from './socket-identity.js';

const CHECK_EVERY_MS = 1_000;

/** A socket whose access token has expired becomes a visitor's socket. */
export class IdentityExpiry {
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly server: LiveServer) {
    this.timer = setInterval(() => this.check(), CHECK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const now = Date.now();
    for (const socket of this.server.sockets.sockets.values()) {
      const { identity } = socket.data;
      if (identity && identity.expiresAt <= now) void becomeVisitor(socket);
    }
  }
}
