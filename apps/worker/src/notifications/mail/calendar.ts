import ICAL from 'ical.js';
import type { BookingWithShowAndUser } from '@modex/domain';
import { isCancellation, type Message } from '../message.js';

// The library counts a line without the space that makes it a continuation: 75 octets with it.
ICAL.foldLength = 74;

export interface CalendarFile {
  /** After RFC 5546: what the mail asks a calendar to do. */
  method: 'REQUEST' | 'CANCEL';
  content: string;
}

interface CalendarDetails {
  message: Message;
  booking: BookingWithShowAndUser;
  /** The same in everything that is sent about the booking. */
  uid: string;
  organizer: { name: string; address: string };
  /** Of whoever gets the mail. */
  attendee: string;
  summary: string;
  description: string;
  location: string | null;
  url: string;
}

/**
 * A booking as an entry of a calendar (RFC 5545). Later messages about it replace the entry: they have
 * the same UID and a higher SEQUENCE. Times are in UTC; a calendar shows them in its owner's zone.
 */
export function calendarFile(details: CalendarDetails): CalendarFile {
  const { message, booking, organizer } = details;
  const { show } = booking;
  const cancelled = isCancellation(message);
  const method = cancelled ? 'CANCEL' : 'REQUEST';

  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', details.uid);
  event.addPropertyWithValue('sequence', message.sequence);
  event.addPropertyWithValue('dtstamp', utc(message.occurredAt));
  event.addPropertyWithValue('dtstart', utc(show.startsAt));
  if (show.endsAt) event.addPropertyWithValue('dtend', utc(show.endsAt));
  event.addPropertyWithValue('summary', details.summary);
  event.addPropertyWithValue('description', details.description);
  if (details.location !== null) event.addPropertyWithValue('location', details.location);
  event.addPropertyWithValue('url', details.url);
  event.addPropertyWithValue('status', cancelled ? 'CANCELLED' : 'CONFIRMED');
  const organizedBy = event.addPropertyWithValue('organizer', `mailto:${organizer.address}`);
  organizedBy.setParameter('cn', parameterText(organizer.name));
  const attendedBy = event.addPropertyWithValue('attendee', `mailto:${details.attendee}`);
  attendedBy.setParameter('role', 'REQ-PARTICIPANT');
  attendedBy.setParameter('partstat', 'ACCEPTED');
  attendedBy.setParameter('rsvp', 'FALSE');

  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//Modex Booking//EN');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', method);
  calendar.addSubcomponent(event);
  return { method, content: `${calendar.toString()}\r\n` };
}

/** Whole seconds: the format knows no parts of them. */
const utc = (time: Date) => ICAL.Time.fromJSDate(time, true);

/** RFC 5545 has no way to write a double quote or a line break into a parameter. */
const parameterText = (text: string): string => text.replace(/["\p{Cc}]/gu, ' ').trim();
