import type { Locale, NotificationKind } from '@modex/domain';
import { ENGLISH } from './english.js';
import { HINDI } from './hindi.js';

/**
 * What one kind of message says. `title` is the show's, `until` the time at which a hold ends, `count` a
 * number of slots, `cancelUntil` the time until which it can be cancelled, null if it cannot.
 */
export interface MessageTexts {
  subject: (title: string) => string;
  heading: string;
  /** One or two sentences. */
  text: (details: { count: number; until: string; cancelUntil: string | null }) => string;
  /** What the button says. */
  action: string;
  sms: (details: { title: string; reference: string; when: string; count: number }) => string;
}

/** All that is said to people in one language. */
export interface Words {
  /** BCP 47, for dates and for `lang`. */
  tag: string;
  /** How this language tells the morning from the evening, beside hours and minutes. */
  clockFormat: Intl.DateTimeFormatOptions;
  clock: (time: string) => string;
  fromTo: (start: string, end: string) => string;
  messages: Readonly<Record<NotificationKind, MessageTexts>>;
  /** Without the name: whoever opened the account typed it, and the mail may be read by somebody else. */
  greeting: string;
  labels: Readonly<
    Record<
      'reference' | 'when' | 'where' | 'route' | 'practitioner' | 'slots' | 'customer' | 'before',
      string
    >
  >;
  /** What a reader who sees no pictures is told of the code. */
  codeOf: (reference: string) => string;
  /** What the attached calendar file does. */
  calendar: string;
  calendarOfCancelled: string;
  why: (host: string) => string;
  preferences: string;
}

const WORDS: Readonly<Record<Locale, Words>> = { en: ENGLISH, hi: HINDI };

export const wordsIn = (locale: Locale): Words => WORDS[locale];
