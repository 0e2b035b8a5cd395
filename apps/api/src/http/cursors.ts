import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiConfig } from '../config/api-config.js';
import { validationFailed } from './validation-failed.js';

const SIGNATURE_BYTES = 16;

/** Keyset cursors: the end of a page, opaque and signed, so that modified ones are refused. */
@Injectable()
export class Cursors {
  /** The first one signs. */
  private readonly secrets: [string, ...string[]];

  constructor({ JWT_SECRET, JWT_SECRET_PREVIOUS }: ApiConfig) {
    this.secrets = [JWT_SECRET, ...(JWT_SECRET_PREVIOUS ? [JWT_SECRET_PREVIOUS] : [])];
  }

  /** @param list a cursor is valid for its own list only */
  encode(list: string, position: readonly string[]): string {
    const text = Buffer.from(JSON.stringify(position));
    return Buffer.concat([sign(this.secrets[0], list, text), text]).toString('base64url');
  }

  /** @throws VALIDATION_FAILED */
  decode(list: string, cursor: string): string[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(SIGNATURE_BYTES);
    const signature = bytes.subarray(0, SIGNATURE_BYTES);
    const genuine =
      bytes.toString('base64url') === cursor &&
      signature.length === SIGNATURE_BYTES &&
      this.secrets.some((secret) => timingSafeEqual(signature, sign(secret, list, text)));
    if (!genuine) {
      throw validationFailed([{ path: 'cursor', message: 'cursor is not one of this list' }]);
    }
    return JSON.parse(text.toString()) as string[];
  }
}

function sign(secret: string, list: string, text: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update(`cursor ${list} `)
    .update(text)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
