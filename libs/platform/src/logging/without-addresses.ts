// Each is bounded, so that a long line costs time in proportion to its length.
const CREDENTIALS = /(:\/\/)[^\s"\\/]{1,256}@/g;
/** Begins after whatever JSON has escaped with a backslash, and not within. */
const E_MAIL =
  /(?<!\\|\\u[\da-f]{0,3})[^\s"\\<>()[\],;:@/=&?']{1,64}(?:@|%40)[^\s"\\<>()[\],;:@/=&?']{1,255}/g;
const PHONE = /\+[1-9]\d{6,14}(?!\d)/g;

/**
 * A log line, which is JSON, without e-mail addresses, phone numbers and the credentials of URLs,
 * wherever they come from: a server's answer, a database's error, the query of a request.
 */
export function withoutAddresses(line: string): string {
  // Most lines have none.
  if (!line.includes('@') && !line.includes('%40') && !line.includes('+')) return line;
  return line.replace(CREDENTIALS, '$1').replace(E_MAIL, '[e-mail]').replace(PHONE, '[phone]');
}
