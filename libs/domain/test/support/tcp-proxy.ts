import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A network before a server that may be slow, and can begin to swallow what the server answers. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private readonly muted = new WeakSet<Socket>();
  private muteAll = false;
  private dropAll = false;
  private muteAfter: { text: string; done: () => void } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly delayMs: number,
  ) {}

  /**
   * @param url names the server behind it
   * @param delayMs by which every answer comes later
   */
  static async open(url: string, delayMs = 0): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer((client) => proxy.join(client, connect(Number(port), hostname)));
    const proxy = new TcpProxy(server, delayMs);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The same server, through the proxy. */
  through(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return through.href;
  }

  /** From now on no answer comes through, nor a byte to a new connection. */
  swallowAnswers(): void {
    this.muteAll = true;
  }

  /** From now on nothing comes through in either direction, and nobody is told. */
  dropEverything(): void {
    this.dropAll = true;
    for (const socket of this.sockets) this.muted.add(socket);
  }

  /** The connection that sends this next is told nothing any more. Resolves when that has happened. */
  swallowAnswersAfter(text: string): Promise<void> {
    return new Promise((done) => (this.muteAfter = { text, done }));
  }

  /** New connections work again. Those that missed an answer never recover. */
  restore(): void {
    this.muteAll = false;
    this.dropAll = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, server: Socket): void {
    if (this.dropAll) this.muted.add(client).add(server);
    client.on('data', (data) => {
      // What a server is not sent, it cannot answer.
      if (this.muted.has(server)) return;
      if (this.muteAfter && data.includes(this.muteAfter.text)) {
        this.muted.add(client);
        this.muteAfter.done();
        this.muteAfter = null;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (this.muteAll) this.muted.add(client);
      if (this.muted.has(client)) return;
      if (this.delayMs === 0) client.write(data);
      else setTimeout(() => client.write(data), this.delayMs);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
