import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8_192);
let used = pool.length;

/**
 * Random bytes out of a pool, since a call for each few bytes costs more than the bytes. They are
 * handed out once; whoever keeps them for longer than a moment copies them.
 * @param size bytes, at most 8,192
 */
export function takeRandomBytes(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
