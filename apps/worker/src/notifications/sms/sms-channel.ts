import type { Channel, Reachable } from '../channel.js';
import type { Links } from '../links.js';
import type { Message } from '../message.js';
import { plainMessage } from '../plain-text.js';
import { shortTimes } from '../show-time.js';
import { wordsIn } from '../words/words.js';
import type { SmsGateway } from './sms-gateway.js';

/** A longer title costs another message. Characters. */
const MAX_TITLE = 60;

/** SMS, to whoever has asked for it. */
export class SmsChannel implements Channel {
  readonly name = 'SMS';
  readonly atOnce = 5;

  constructor(
    private readonly gateway: SmsGateway,
    private readonly links: Links,
  ) {}

  recipientOf({ phone, smsNotifications }: Reachable): string | null {
    return smsNotifications ? phone : null;
  }

  send(message: Message, recipient: string): Promise<string | null> {
    return this.gateway.send(recipient, smsText(plainMessage(message), this.links));
  }

  close(): void {}
}

function smsText({ kind, user, show, bookings }: Message, links: Links): string {
  const words = wordsIn(user.locale);
  const [booking] = bookings;
  const text = words.messages[kind].sms({
    title: shorten(show.title),
    reference: booking.reference,
    when: shortTimes(show, words),
    count: booking.quantity,
  });
  return `${text} ${links.booking(booking)}`;
}

function shorten(title: string): string {
  // By characters, so that none is cut in half.
  const characters = [...title];
  return characters.length > MAX_TITLE ? `${characters.slice(0, MAX_TITLE - 1).join('')}…` : title;
}
