// `node scripts/mail-pictures.mjs` makes the pictures of mails in docs/images, from what was built
// (`npx tsc -b`). It needs Chromium and, for Hindi, a font with Devanagari.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { composeMail } from '../apps/worker/dist/notifications/mail/compose-mail.js';
import { Links } from '../apps/worker/dist/notifications/links.js';

const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');
const SHOW_ID = '01900000-0000-7000-8000-000000000001';
const BOOKING_ID = '01900000-0000-7000-8000-000000000002';
const ENGLISH = { locale: 'en', name: 'Ada' };
const HINDI = { locale: 'hi', name: 'आशा' };
const CONCERT = {
  title: 'An evening of ragas',
  venue: 'Tilak Smarak Mandir, Pune',
  startsAt: new Date('2026-12-04T14:00:00Z'),
};
const IN_HINDI = { ...CONCERT, title: 'रागों की एक शाम', venue: 'तिलक स्मारक मंदिर, पुणे' };

/**
 * @param {string} kind
 * @param {typeof ENGLISH} person
 * @param {typeof CONCERT} what
 * @param {object} [previous]
 */
function messageOf(kind, person, what, previous = {}) {
  const user = { id: SHOW_ID, email: 'ada@example.com', ...person };
  const show = {
    id: SHOW_ID,
    timeZone: 'Asia/Kolkata',
    endsAt: null,
    origin: null,
    destination: null,
    practitioner: null,
    ...what,
  };
  const booking = {
    id: BOOKING_ID,
    showId: SHOW_ID,
    reference: '7K3M9XQ2',
    quantity: 2,
    customerName: null,
    expiresAt: what.startsAt,
    show,
    user,
  };
  const occurredAt = new Date('2026-11-27T10:00:00Z');
  return {
    kind,
    eventId: SHOW_ID,
    occurredAt,
    sequence: 7,
    user,
    show,
    bookings: [booking],
    previous,
    cancelUntil: what.startsAt,
  };
}

const earlier = {
  startsAt: new Date('2026-12-04T13:00:00Z'),
  venue: 'Ganesh Kala Krida Manch, Pune',
};
const PICTURES = {
  'mail-confirmed': messageOf('BOOKING_CONFIRMED', ENGLISH, CONCERT),
  'mail-confirmed-hindi': messageOf('BOOKING_CONFIRMED', HINDI, IN_HINDI),
  'mail-changed': messageOf('SHOW_CHANGED', ENGLISH, CONCERT, earlier),
  'mail-cancelled': messageOf('BOOKING_CANCELLED', ENGLISH, CONCERT),
};

const { findChromium, launchBrowser } = await tsImport('../test/browser.ts', import.meta.url);
const chromium = findChromium();
if (!chromium) throw new Error('Chromium is not installed.');
const browser = await launchBrowser(chromium);
try {
  mkdirSync(IMAGES, { recursive: true });
  const page = await browser.newPage({
    viewport: { width: 640, height: 400 },
    deviceScaleFactor: 1.5,
  });
  for (const [name, what] of Object.entries(PICTURES)) {
    const mail = await composeMail({
      message: /** @type {any} */ (what),
      recipient: what.user.email,
      id: BOOKING_ID,
      sender: { name: 'Box office', address: 'tickets@example.com' },
      links: new Links(/** @type {any} */ ({ PUBLIC_URL: 'https://tickets.example.com' })),
    });
    // A mail program shows the attached pictures where the text names them.
    const html = mail.attachments.reduce(
      (text, { cid, content }) =>
        text.replaceAll(
          `cid:${cid}`,
          `data:image/png;base64,${Buffer.from(content).toString('base64')}`,
        ),
      mail.html,
    );
    await page.setContent(html);
    await page.screenshot({ path: join(IMAGES, `${name}.png`), fullPage: true });
  }
} finally {
  await browser.close();
}
