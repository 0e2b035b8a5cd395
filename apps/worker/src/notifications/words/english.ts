import type { Words } from './words.js';

const slots = (count: number) => (count === 1 ? '1 slot' : `${count} slots`);

export const ENGLISH: Words = {
  tag: 'en-IN',
  clockFormat: { hour12: true },
  clock: (time) => time,
  fromTo: (start, end) => `${start} – ${end}`,
  messages: {
    HOLD_MADE: {
      subject: (title) => `Held for you: ${title}`,
      heading: 'Your slots are held',
      text: ({ until }) =>
        `Confirm your booking before ${until}. After that the slots go back to everybody.`,
      action: 'Confirm the booking',
      sms: ({ title, reference, count }) =>
        `${slots(count)} held for you: ${title}. Reference ${reference}. Confirm soon:`,
    },
    BOOKING_CONFIRMED: {
      subject: (title) => `Booking confirmed: ${title}`,
      heading: 'Your booking is confirmed',
      text: () => 'Show this code when you arrive, or read out the reference.',
      action: 'View the booking',
      sms: ({ title, reference, when, count }) =>
        `Booking ${reference} confirmed: ${title}, ${when}, ${slots(count)}.`,
    },
    BOOKING_REDUCED: {
      subject: (title) => `Booking changed: ${title}`,
      heading: 'Your booking has changed',
      text: ({ count }) => `It is for ${slots(count)} now. The reference is still the same.`,
      action: 'View the booking',
      sms: ({ title, reference, when, count }) =>
        `Booking ${reference} is for ${slots(count)} now: ${title}, ${when}.`,
    },
    BOOKING_CANCELLED: {
      subject: (title) => `Booking cancelled: ${title}`,
      heading: 'Your booking is cancelled',
      text: () => 'Its slots have been given back. There is nothing left for you to do.',
      action: 'View the booking',
      sms: ({ title, reference, when }) => `Booking ${reference} cancelled: ${title}, ${when}.`,
    },
    SHOW_CHANGED: {
      subject: (title) => `Please note a change: ${title}`,
      heading: 'What you booked has changed',
      text: ({ cancelUntil }) =>
        cancelUntil === null
          ? 'Your booking stays valid. It can no longer be cancelled.'
          : `Your booking stays valid. If you cannot come, you can cancel it until ${cancelUntil}.`,
      action: 'View the booking',
      sms: ({ title, reference, when }) =>
        `A change to your booking ${reference}: ${title}, now ${when}.`,
    },
    SHOW_CANCELLED: {
      subject: (title) => `Called off: ${title}`,
      heading: 'It has been called off',
      text: () =>
        'The organiser has called this off, and your booking is cancelled with it. We are sorry.',
      action: 'View the booking',
      sms: ({ title, reference, when }) =>
        `Called off: ${title}, ${when}. Your booking ${reference} is cancelled.`,
    },
  },
  greeting: 'Hello,',
  labels: {
    reference: 'Reference',
    when: 'When',
    where: 'Where',
    route: 'Route',
    practitioner: 'With',
    slots: 'Slots',
    customer: 'Booked for',
    before: 'before:',
  },
  codeOf: (reference) => `QR code of the reference ${reference}`,
  calendar: 'The attached calendar file keeps the date in your calendar up to date.',
  calendarOfCancelled: 'The attached calendar file takes the date out of your calendar.',
  why: (host) => `You receive this because you made a booking at ${host}.`,
  preferences: 'Choose which messages you receive',
};
