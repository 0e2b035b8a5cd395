import type { Show } from '@modex/domain';
import type { Message } from './message.js';

const LINES = ['title', 'venue', 'origin', 'destination', 'practitioner'] as const;
/** What would begin another line, or turn the writing around. The API refuses it; older rows may have it. */
const NOT_IN_A_LINE = /[\p{Control}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
/** Where mail programs see an address: between characters, `.`, `:`, `@` and `//`. */
const JOINTS = /([.:@\u3002\uff0e\uff61]|\/\/)(?=\S)/g;

/** The message with one-line texts, in which nothing that a customer typed becomes a link. */
export function plainMessage(message: Message): Message {
  const [first, ...rest] = message.bookings;
  return {
    ...message,
    show: inLines(message.show),
    previous: inLines(message.previous),
    bookings: [plainBooking(first), ...rest.map(plainBooking)],
  };
}

const plainBooking = (booking: Message['bookings'][number]): Message['bookings'][number] => ({
  ...booking,
  show: inLines(booking.show),
  customerName: booking.customerName && unlinked(line(booking.customerName)),
});

function inLines<Texts extends Partial<Pick<Show, (typeof LINES)[number]>>>(texts: Texts): Texts {
  const lines = LINES.flatMap((field) => {
    const text = texts[field];
    return typeof text === 'string' ? [[field, line(text)]] : [];
  });
  return { ...texts, ...(Object.fromEntries(lines) as Partial<Texts>) };
}

const line = (text: string): string => text.replace(NOT_IN_A_LINE, ' ').trim();

const unlinked = (text: string): string => text.replace(JOINTS, '$1 ');
