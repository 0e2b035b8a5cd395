import type { Detail } from '../plan-details.js';
import { html, type Html } from './html.js';
import type { MailContent, Ticket } from './mail-content.js';

const FONT =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari',sans-serif";
const MUTED = 'color:#495057';
const BUTTON = '#4263eb';
const CANCELLED = '#c92a2a';

/** Tables and inline styles, since mail programs know little else. */
export function htmlMail(content: MailContent): string {
  const { tickets, calendar, preferences } = content;
  const colour = content.cancelled ? CANCELLED : BUTTON;
  return html`<!doctype html>
    <html lang="${content.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light" />
        <title>${content.subject}</title>
      </head>
      <body style="margin:0;background:#f1f3f5">
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="background:#f1f3f5"
        >
          <tr>
            <td align="center" style="padding:24px 12px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width:560px;background:#ffffff;border-radius:8px;border-top:6px solid ${colour};${FONT};font-size:16px;line-height:1.5;color:#212529"
              >
                <tr>
                  <td style="padding:28px 32px 8px">
                    <p style="margin:0 0 16px">${content.greeting}</p>
                    <h1 style="margin:0 0 8px;font-size:24px;line-height:1.25">
                      ${content.heading}
                    </h1>
                    <p style="margin:0">${content.text}</p>
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 32px 0">
                    <h2 style="margin:0 0 8px;font-size:19px;line-height:1.3">
                      ${content.title}${before(content.titleBefore, content.labels.before)}
                    </h2>
                    <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
                      ${content.details.map((detail) => row(detail, content.labels.before))}
                    </table>
                  </td>
                </tr>
                ${tickets.map((ticket) => ticketRow(ticket, content))}
                <tr>
                  <td
                    style="padding:20px 32px 28px;border-top:1px solid #dee2e6;font-size:13px;${MUTED}"
                  >
                    ${calendar === null ? null : html`<p style="margin:0 0 8px">${calendar}</p>`}
                    <p style="margin:0">
                      ${content.why}
                      <a href="${preferences.url}" style="${MUTED}">${preferences.text}</a>
                    </p>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text;
}

function row({ label, value, before: old }: Detail, labelBefore: string): Html {
  return html`<tr>
    <td valign="top" width="96" style="padding:4px 12px 4px 0;${MUTED}">${label}</td>
    <td valign="top" style="padding:4px 0">${value}${before(old, labelBefore)}</td>
  </tr> `;
}

function before(value: string | null, label: string): Html | null {
  if (value === null) return null;
  return html`<br /><span style="font-size:14px;font-weight:400;${MUTED}"
      >${label} <s>${value}</s></span
    >`;
}

function ticketRow(ticket: Ticket, content: MailContent): Html {
  const { reference, code, codeText, url } = ticket;
  return html`<tr>
    <td style="padding:20px 32px 24px">
      <table
        role="presentation"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        style="background:#f8f9fa;border-radius:8px"
      >
        <tr>
          ${code === null ? null : html`<td width="150" style="padding:16px 0 16px 16px"><img src="cid:${code}" width="150" height="150" alt="${codeText}" style="display:block" /></td>`}
          <td style="padding:16px 20px">
            <p style="margin:0;font-size:14px;${MUTED}">${content.labels.reference}</p>
            <p
              style="margin:0 0 12px;font-family:ui-monospace,Consolas,monospace;font-size:24px;letter-spacing:2px"
            >
              ${reference}
            </p>
            <a
              href="${url}"
              style="display:inline-block;padding:10px 18px;border-radius:8px;background:${BUTTON};color:#ffffff;text-decoration:none;font-weight:600"
              >${content.action}</a
            >
          </td>
        </tr>
      </table>
    </td>
  </tr> `;
}
