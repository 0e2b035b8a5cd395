import { takeRandomBytes } from '../ids/random.js';

/** Crockford's base 32: no I, L, O or U, so that a reference is not misheard or misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/**
 * A new reference of eight characters (40 random bits). It is unique within its show by an index;
 * a clash makes the transaction fail, and its repetition draws another one.
 */
export function newBookingReference(): string {
  let reference = '';
  for (const byte of takeRandomBytes(LENGTH)) reference += ALPHABET[byte % ALPHABET.length];
  return reference;
}
