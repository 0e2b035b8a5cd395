import { validationFailed } from '../http/validation-failed.js';

const QUOTED = /^"(.*)"$/;
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

/**
 * The value of `Idempotency-Key`: 1–255 visible characters, quoted or not.
 * @throws VALIDATION_FAILED
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = QUOTED.exec(header)?.[1] ?? header;
  if (VISIBLE.test(key)) return key;
  throw validationFailed([
    { path: 'Idempotency-Key', message: 'Idempotency-Key must have 1 to 255 visible characters' },
  ]);
}
