import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What the server does with a recipient; undefined accepts. */
type Refusal = { code: number; text: string } | undefined;

/** A real SMTP server on a port of its own that keeps what it is given. */
export class MailServer {
  readonly received: ParsedMail[] = [];
  /** The same messages as they came over the wire. */
  readonly raw: string[] = [];
  /** Says how it answers RCPT TO. */
  refuse: (recipient: string) => Refusal = () => undefined;
  /** Runs when a message is here, before the server says 250. */
  beforeAccepting: () => Promise<void> = () => Promise.resolve();
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        const refusal = this.refuse(address);
        if (!refusal) return done();
        done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
      },
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          this.keep(Buffer.concat(parts)).then(() => done(), done);
        });
      },
    });
    this.server.on('error', () => {});
  }

  static async start(): Promise<MailServer> {
    const mailServer = new MailServer();
    await new Promise<void>((resolve) => mailServer.server.listen(0, '127.0.0.1', resolve));
    return mailServer;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** The messages for somebody, oldest first. */
  to(address: string): ParsedMail[] {
    return this.received.filter(({ to }) => [to].flat().some((each) => each?.text === address));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  private async keep(message: Buffer): Promise<void> {
    this.raw.push(message.toString());
    this.received.push(await simpleParser(message));
    await this.beforeAccepting();
  }
}
