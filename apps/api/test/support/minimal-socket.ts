import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The HTTP answer to a handshake that was refused. */
export class HandshakeRefused extends Error {
  constructor(
    readonly status: number | undefined,
    readonly code: string,
  ) {
    super(`refused with ${status}: ${code}`);
  }
}

/** A Socket.IO client with little enough state to run thousands, which counts what it receives. */
export class MinimalSocket {
  packets = 0;
  /** The newest version received of any show. */
  version = 0;
  /** Bytes. */
  received = 0;
  isClosed = false;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.take(data));
    socket.on('close', () => (this.isClosed = true));
    socket.on('error', () => {});
  }

  /**
   * @param headers of the handshake
   * @throws HandshakeRefused
   */
  static async connect(
    url: string,
    auth: object = {},
    headers: Record<string, string> = {},
  ): Promise<MinimalSocket> {
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
      { headers },
    );
    const client = new MinimalSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (text: Buffer) => (body += text.toString()));
        response.on('end', () => {
          const { code } = JSON.parse(body) as { code: string };
          reject(new HandshakeRefused(response.statusCode, code));
        });
      });
      socket.on('message', (data: Buffer) => {
        const type = data.toString('latin1', 0, 2);
        if (type === '40') resolve();
        if (type === '44') reject(new Error(data.toString()));
      });
      socket.once('open', () => socket.send(`40${JSON.stringify(auth)}`));
    });
    return client;
  }

  /** Stops reading, as a slow consumer. */
  stopReading(): void {
    this.socket.pause();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.socket.terminate();
    await once(this.socket, 'close');
  }

  private take(data: Buffer): void {
    if (data[0] === PING) this.socket.send('3');
    if (data.toString('latin1', 0, 17) !== '42["showsUpdated"') return;
    this.packets += 1;
    this.received += data.length;
    const version = /"version":(\d+)/.exec(data.toString('latin1'))?.[1];
    this.version = Math.max(this.version, Number(version ?? 0));
  }
}

const PING = '2'.charCodeAt(0);
