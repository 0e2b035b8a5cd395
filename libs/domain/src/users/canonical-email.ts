import { domainToASCII } from 'node:url';

const LONGEST = 254;
const LONGEST_LOCAL_PART = 64;

/**
 * What nobody sees in an address, or what reorders or hides the rest of it: controls, format
 * characters (bidirectional marks, zero-width characters, the soft hyphen), fillers, spaces, halves of
 * characters, and code points that mean nothing or something else to everybody.
 */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** RFC 5321's atoms, joined by dots, with the letters of RFC 6531. */
const LOCAL_PART =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;

/** Letters of any script. `domainToASCII` would read a `%` or a `/` as a URL does, and other full stops. */
const DOMAIN = /^(?!.*[\u3002\uff0e\uff61])[a-z0-9.\u0080-\u{10ffff}-]+$/iu;
const ASCII_DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/**
 * The one spelling of an e-mail address, by which accounts are found and told apart: the domain in
 * ASCII, the local part in NFC and lower case. Null if the text is no address that an account may
 * have: one with an invisible character, a quoted local part, a domain without a dot, or one in
 * letters that only look like others (full-width, ligatures).
 */
export function canonicalEmail(text: string): string | null {
  if (text.length > LONGEST || UNSEEN.test(text)) return null;
  const at = text.lastIndexOf('@');
  const local = lowerCase(text.slice(0, Math.max(at, 0)));
  const domain = text.slice(at + 1);
  if (!LOCAL_PART.test(local) || Buffer.byteLength(local) > LONGEST_LOCAL_PART) return null;
  if (!DOMAIN.test(domain) || domain.normalize('NFC') !== domain.normalize('NFKC')) return null;
  const ascii = domainToASCII(domain);
  if (!ASCII_DOMAIN.test(ascii)) return null;
  const canonical = `${local}@${ascii}`;
  return Buffer.byteLength(canonical) > LONGEST ? null : canonical;
}

/** Lower case does not always stay composed, and Greek has two small sigmas. */
function lowerCase(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
