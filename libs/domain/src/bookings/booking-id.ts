import { stringify, validate } from 'uuid';

const PREFIX = 'bkg_';
const UUID_BYTES = 16;

/** The key of a booking: its show (hence its lock and its shard) and its id within it. */
export interface BookingKey {
  readonly showId: string;
  readonly bookingId: string;
}

/** The public, opaque id: `bkg_` and the base64url of both UUIDs. */
export function encodeBookingId({ showId, bookingId }: BookingKey): string {
  const hex = (showId + bookingId).replaceAll('-', '');
  return PREFIX + Buffer.from(hex, 'hex').toString('base64url');
}

/** The key behind a public id, or null if the text is not one. */
export function decodeBookingId(publicId: string): BookingKey | null {
  if (!publicId.startsWith(PREFIX)) return null;
  const text = publicId.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters it does not know, so only what encodes back to itself is an id.
  if (bytes.length !== 2 * UUID_BYTES || bytes.toString('base64url') !== text) return null;
  const showId = uuidFrom(bytes.subarray(0, UUID_BYTES));
  const bookingId = uuidFrom(bytes.subarray(UUID_BYTES));
  return showId !== null && bookingId !== null ? { showId, bookingId } : null;
}

function uuidFrom(bytes: Uint8Array): string | null {
  const hex = Buffer.from(bytes).toString('hex');
  const text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return validate(text) ? stringify(bytes) : null;
}
