import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** An SMTP server that only counts what it has said 250 to, by recipient. */
export class CountingMailServer {
  readonly accepted = new Map<string, number>();
  total = 0;
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onData: (stream, { envelope }, done) => {
        stream.on('end', () => {
          for (const { address } of envelope.rcptTo) {
            this.accepted.set(address, (this.accepted.get(address) ?? 0) + 1);
            this.total += 1;
          }
          done();
        });
        stream.resume();
      },
    });
    // A client that was killed.
    this.server.on('error', () => {});
  }

  static async start(): Promise<CountingMailServer> {
    const counting = new CountingMailServer();
    await new Promise<void>((resolve) => counting.server.listen(0, '127.0.0.1', resolve));
    return counting;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }
}
