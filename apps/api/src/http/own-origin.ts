import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from a page of this installation, or from no page at all. Browsers send
 * `Origin` with every POST and every websocket; a request without it comes from a program, unless
 * `Sec-Fetch-Site` names another site.
 */
export function isOfOwnOrigin(headers: IncomingHttpHeaders, publicUrl: URL): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return [undefined, 'same-origin'].includes(fetchSite(headers));
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  // A page loaded over http may have been forged on the way.
  if (publicUrl.protocol === 'https:' && from.protocol !== 'https:') return false;
  return from.host === host || from.host === publicUrl.host;
}

function fetchSite(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['sec-fetch-site'];
  return Array.isArray(value) ? value.join() : value;
}
