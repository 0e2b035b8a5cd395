import type { Detail } from '../plan-details.js';

/** One booking of a mail, as it is shown. */
export interface Ticket {
  reference: string;
  /** The Content-ID of its QR code; null if the mail shows none. */
  code: string | null;
  codeText: string;
  url: string;
}

/** What a mail says, the same in HTML and in text. */
export interface MailContent {
  language: string;
  subject: string;
  greeting: string;
  heading: string;
  text: string;
  title: string;
  titleBefore: string | null;
  details: Detail[];
  labels: { reference: string; before: string };
  tickets: readonly [Ticket, ...Ticket[]];
  action: string;
  /** Null for a mail that puts nothing into a calendar. */
  calendar: string | null;
  why: string;
  preferences: { text: string; url: string };
  /** Whether it tells of a cancellation. */
  cancelled: boolean;
}
