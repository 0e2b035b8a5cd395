import { canonicalEmail } from '@modex/domain';
import { readCommonPasswords } from './common-passwords.js';
import { foldPassword } from './fold-password.js';

/** In characters, after NFC. */
export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** A password of known words needs at least this many other characters. */
const FEWEST_OWN_CHARACTERS = 4;
/** A shorter part of an address is in too many words. */
const SHORTEST_PART = 3;

/** Guessed first for an installation of this product (docs/security.md). */
const CONTEXT_WORDS = ['modex', 'booking', 'bookings', 'ticket', 'tickets'];

const HALF_CHARACTER = /\p{Surrogate}/u;
const ONE_CHARACTER = /^(.)\1*$/su;

let common: ReadonlySet<string> | undefined;

/** A password as it is hashed: keyboards spell é in two ways. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * Why a new password is refused, as a sentence for the person who chose it; null if it is not.
 * Compared is without regard to case, compatibility forms, white space and invisible characters.
 */
export function refusePassword(password: string, email: string): string | null {
  const { length } = [...normalisePassword(password)];
  if (length < SHORTEST_PASSWORD) {
    return `The password needs at least ${SHORTEST_PASSWORD} characters.`;
  }
  if (length > LONGEST_PASSWORD) {
    return `The password may have at most ${LONGEST_PASSWORD} characters.`;
  }
  if (HALF_CHARACTER.test(password)) return 'The password has half a character in it.';
  const folded = foldPassword(password);
  if (folded === '') return 'The password must not be white space only.';
  if (ONE_CHARACTER.test(folded)) return 'The password must not be one character repeated.';
  common ??= readCommonPasswords();
  if (common.has(folded)) {
    return 'This password is one of the most common: others guess it first. Choose another one.';
  }
  return saysOnly(folded, email)
    ? 'The password must not be made of the e-mail address or of words such as “modex” and “booking” alone.'
    : null;
}

/** Whether a password is the address, a part of it or a context word, however often, and little else. */
function saysOnly(folded: string, email: string): boolean {
  const spellings = [email, canonicalEmail(email) ?? email].map(foldPassword);
  const parts = spellings.flatMap((address) => {
    const [local = '', domain = ''] = address.split('@');
    return [address, local, domain, ...domain.split('.'), ...local.split(/[._+-]/)];
  });
  const longestFirst = [...new Set([...parts, ...CONTEXT_WORDS])]
    .filter((part) => part.length >= SHORTEST_PART)
    .toSorted((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, part) => left.replaceAll(part, ''), folded);
  return rest.length < folded.length && [...rest].length < FEWEST_OWN_CHARACTERS;
}
