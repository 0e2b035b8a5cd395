import ICAL from 'ical.js';
import jsQRModule from 'jsqr';
import type { ParsedMail } from 'mailparser';
import { PNG } from 'pngjs';

// Its types say that the function is the module; Node says that it is the module's default.
const jsQR = ((jsQRModule as unknown as { default?: unknown }).default ??
  jsQRModule) as (typeof jsQRModule)['default'];

/** What scanners read from the pictures of a mail. */
export function codesIn({ attachments }: ParsedMail): (string | undefined)[] {
  return attachments
    .filter(({ contentType }) => contentType === 'image/png')
    .map(({ content }) => {
      const { data, width, height } = PNG.sync.read(content);
      return jsQR(new Uint8ClampedArray(data), width, height)?.data;
    });
}

/** The calendar files of a mail, each once, as calendars read them. */
export function calendarsIn({ attachments }: ParsedMail) {
  const files = attachments
    .filter(({ contentType }) => /calendar|ics/.test(contentType))
    .map(({ content }) => content.toString());
  return [...new Set(files)].map((text) => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    const event = calendar.getFirstSubcomponent('vevent')!;
    const value = (name: string) => event.getFirstPropertyValue(name);
    return {
      text,
      method: calendar.getFirstPropertyValue('method'),
      uid: value('uid'),
      sequence: value('sequence'),
      status: value('status'),
      summary: value('summary'),
      location: value('location'),
      startsAt: (value('dtstart') as InstanceType<typeof ICAL.Time>).toJSDate(),
      endsAt: (value('dtend') as InstanceType<typeof ICAL.Time> | null)?.toJSDate() ?? null,
      stampedAt: (value('dtstamp') as InstanceType<typeof ICAL.Time>).toJSDate(),
      organizer: value('organizer'),
      attendee: value('attendee'),
      partstat: event.getFirstProperty('attendee')!.getFirstParameter('partstat'),
    };
  });
}
