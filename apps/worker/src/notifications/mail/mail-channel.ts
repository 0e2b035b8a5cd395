import type { Channel, Reachable } from '../channel.js';
import type { Links } from '../links.js';
import type { Message } from '../message.js';
import { composeMail } from './compose-mail.js';
import type { MailAddress, MailTransport } from './mail-transport.js';

/** E-mail, to whoever has not switched it off. */
export class MailChannel implements Channel {
  readonly name = 'EMAIL';
  readonly atOnce: number;

  constructor(
    private readonly transport: MailTransport,
    private readonly sender: MailAddress,
    private readonly links: Links,
  ) {
    this.atOnce = transport.atOnce;
  }

  recipientOf({ email, emailNotifications }: Reachable): string | null {
    return emailNotifications ? email : null;
  }

  async send(message: Message, recipient: string, id: string): Promise<string> {
    const { sender, links } = this;
    const mail = await composeMail({ message, recipient, id, sender, links });
    await this.transport.send(mail);
    return mail.messageId;
  }

  close(): void {
    this.transport.close();
  }
}
