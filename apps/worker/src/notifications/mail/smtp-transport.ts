import { createTransport, type NodemailerError } from 'nodemailer';
import { SendFailure, type SendFailureKind } from '../send-failure.js';
import type { Mail, MailTransport } from './mail-transport.js';

const CONNECTIONS = 5;
/** Each well below the time for which a message is claimed. Milliseconds. */
const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
};

/** Of which commands a refusal is about this recipient or this message, and not about us. */
const ABOUT_THE_MESSAGE = /^(RCPT TO|DATA|API)/;

/** By this code a server says that it ends the connection, whatever it was asked. */
const CLOSING = 421;

/** Hands mail to an SMTP server over a few connections that stay open. */
export class SmtpTransport implements MailTransport {
  readonly atOnce = CONNECTIONS;
  private readonly server;

  /** @param url `smtp://` (TLS where the server offers it) or `smtps://`, with user and password */
  constructor(url: string) {
    this.server = createTransport({
      url,
      pool: true,
      maxConnections: CONNECTIONS,
      ...TIMEOUTS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.server.sendMail(mail);
    } catch (cause) {
      throw failureOf(cause as NodemailerError);
    }
  }

  close(): void {
    this.server.close();
  }
}

/** Its answer names the recipient and may quote the mail. */
function failureOf(error: NodemailerError): SendFailure {
  const { message, response, responseCode, command } = error;
  const kind = kindOf(error);
  if (responseCode === undefined) return new SendFailure(message, kind, { cause: error });
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const code = [responseCode, status].filter((each) => each !== undefined).join(' ');
  const said = `the mail server answered ${code} to ${command ?? 'a command'}`;
  return new SendFailure(said, kind, { detail: message });
}

function kindOf({ command, permanent, responseCode }: NodemailerError): SendFailureKind {
  const isAnswered = responseCode !== undefined && responseCode !== CLOSING;
  if (!isAnswered || !ABOUT_THE_MESSAGE.test(command ?? '')) return 'away';
  return permanent === true ? 'refused' : 'later';
}
