import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiConfig } from '../config/api-config.js';
import { validationFailed } from './validation.js';

const SIGNATURE_BYTES = 9;

/** Keyset cursors: where a page ended, opaque and signed, so that a tampered one is refused. */
@Injectable()
export class Cursors {
  constructor(private readonly config: ApiConfig) {}

  /** @param list which list it is of; a cursor of one list is no good for another */
  encode(list: string, position: readonly string[]): string {
    const text = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.sign(list, text), text]).toString('base64url');
  }

  /** @throws VALIDATION_FAILED */
  decode(list: string, cursor: string): string[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(SIGNATURE_BYTES);
    const signature = bytes.subarray(0, SIGNATURE_BYTES);
    const genuine =
      bytes.toString('base64url') === cursor &&
      signature.length === SIGNATURE_BYTES &&
      timingSafeEqual(signature, this.sign(list, text));
    if (!genuine) {
      throw validationFailed([{ path: 'cursor', message: 'cursor is not one of this list' }]);
    }
    return JSON.parse(text.toString()) as string[];
  }

  private sign(list: string, text: Buffer): Buffer {
    return createHmac('sha256', this.config.JWT_SECRET)
      .update(`cursor ${list} `)
      .update(text)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}
