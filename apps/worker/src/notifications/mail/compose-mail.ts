import { isCancellation, isPromise, type Message } from '../message.js';
import { publicId, type Links } from '../links.js';
import { plainMessage } from '../plain-text.js';
import { planDetails, routeOf } from '../plan-details.js';
import { clockTime, longTime } from '../show-time.js';
import { wordsIn, type Words } from '../words/words.js';
import { calendarFile, type CalendarFile } from './calendar.js';
import { htmlMail } from './html-mail.js';
import type { MailContent } from './mail-content.js';
import type { Mail, MailAddress } from './mail-transport.js';
import { qrCode } from './qr-code.js';
import { textMail } from './text-mail.js';

const CALENDAR_FILE = 'booking.ics';

interface MailRequest {
  message: Message;
  recipient: string;
  /** The notification's: a mail that is sent again is known by it. */
  id: string;
  sender: MailAddress;
  links: Links;
}

/** Everything that a person gets by mail with a message. */
export async function composeMail(request: MailRequest): Promise<Mail> {
  const { recipient, id, sender, links } = request;
  const message = plainMessage(request.message);
  const words = wordsIn(message.user.locale);
  const content = mailContent(message, words, links);
  const [calendar, ...moreCalendars] = calendarFiles({ ...request, message }, words);
  const codes = content.tickets.flatMap(({ reference, code }) =>
    code === null ? [] : [{ reference, cid: code }],
  );
  return {
    from: sender,
    to: { name: '', address: recipient },
    subject: content.subject,
    messageId: `<${id}@${links.host}>`,
    date: message.occurredAt,
    // Nobody's absence note is wanted as an answer.
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.user.locale },
    text: textMail(content),
    html: htmlMail(content),
    ...(calendar && { icalEvent: { ...calendar, filename: CALENDAR_FILE } }),
    attachments: [
      ...(await Promise.all(
        codes.map(async ({ reference, cid }) => ({
          filename: `${reference}.png`,
          content: await qrCode(reference),
          contentType: 'image/png',
          contentDisposition: 'inline' as const,
          cid,
        })),
      )),
      // A mail has one calendar part; what else there is lies beside it as files.
      ...moreCalendars.map(({ method, content: file }, i) => ({
        filename: `booking-${i + 2}.ics`,
        content: file,
        contentType: `text/calendar; charset=utf-8; method=${method}`,
        contentDisposition: 'attachment' as const,
      })),
    ],
  };
}

function mailContent(message: Message, words: Words, links: Links): MailContent {
  const { kind, show, user, bookings, previous, cancelUntil } = message;
  const texts = words.messages[kind];
  const [first] = bookings;
  const until = clockTime(first.expiresAt, show.timeZone, words);
  const ticket = (booking: Message['bookings'][number]) => ({
    reference: booking.reference,
    code: isPromise(message) ? `${booking.reference}@${links.host}` : null,
    codeText: words.codeOf(booking.reference),
    url: links.booking(booking),
  });
  return {
    language: user.locale,
    subject: texts.subject(show.title),
    greeting: words.greeting,
    heading: texts.heading,
    text: texts.text({
      count: first.quantity,
      until,
      cancelUntil: cancelUntil && longTime(cancelUntil, show.timeZone, words),
    }),
    title: show.title,
    titleBefore: previous.title ?? null,
    details: planDetails(message, words),
    labels: words.labels,
    tickets: [ticket(first), ...bookings.slice(1).map(ticket)],
    action: texts.action,
    calendar: calendarNote(message, words),
    why: words.why(links.host),
    preferences: { text: words.preferences, url: links.preferences },
    cancelled: isCancellation(message),
  };
}

function calendarNote(message: Message, words: Words): string | null {
  if (isCancellation(message)) return words.calendarOfCancelled;
  return isPromise(message) ? words.calendar : null;
}

function calendarFiles({ message, recipient, sender, links }: MailRequest, words: Words) {
  if (message.kind === 'HOLD_MADE') return [];
  const { show } = message;
  const { labels } = words;
  return message.bookings.map((booking): CalendarFile =>
    calendarFile({
      message,
      booking,
      uid: `${publicId(booking)}@${links.host}`,
      organizer: sender,
      attendee: recipient,
      summary: show.title,
      description: `${labels.reference}: ${booking.reference}\n${labels.slots}: ${booking.quantity}`,
      location: show.venue ?? routeOf(show),
      url: links.booking(booking),
    }),
  );
}
