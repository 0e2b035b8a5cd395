import type { MailContent } from './mail-content.js';

/** For readers without HTML. */
export function textMail(content: MailContent): string {
  const { labels, calendar, preferences } = content;
  const before = (value: string | null) => (value === null ? '' : ` (${labels.before} ${value})`);
  const lines = [
    content.greeting,
    '',
    content.heading,
    content.text,
    '',
    content.title + before(content.titleBefore),
    ...content.details.map(({ label, value, before: old }) => `${label}: ${value}${before(old)}`),
    ...content.tickets.flatMap(({ reference, url }) => [
      '',
      `${labels.reference}: ${reference}`,
      `${content.action}: ${url}`,
    ]),
    '',
    ...(calendar === null ? [] : [calendar]),
    content.why,
    `${preferences.text}: ${preferences.url}`,
  ];
  return `${lines.join('\n')}\n`;
}
