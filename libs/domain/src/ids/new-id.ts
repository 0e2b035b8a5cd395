import { v7 } from 'uuid';
import { takeRandomBytes } from './random.js';

const UUID_RANDOM_BYTES = 16;

/** A new UUIDv7: in the order of their milliseconds, so that new rows lie together in an index. */
export function newId(): string {
  return v7({ random: takeRandomBytes(UUID_RANDOM_BYTES) });
}
