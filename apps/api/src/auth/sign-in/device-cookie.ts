import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig } from '../../config/api-config.js';
import { HostCookie } from '../host-cookie.js';

const LIFETIME_MS = 180 * 86_400_000;
const ID_BYTES = 12;

/** A browser or program that has signed in to an account before. */
export interface Device {
  id: string;
  userId: string;
}

/**
 * Proves that a client has signed in to an account before, so that failures of others do not lock it
 * out (OWASP's device cookies). It grants no access: the password is still needed, and failures of
 * the device have their own count.
 */
@Injectable()
export class DeviceCookie {
  private readonly cookie: HostCookie;
  /** The first one signs. */
  private readonly keys: Buffer[];

  constructor({ publicUrl, JWT_SECRET, JWT_SECRET_PREVIOUS }: ApiConfig) {
    this.cookie = new HostCookie('modex_device', publicUrl);
    this.keys = [JWT_SECRET, JWT_SECRET_PREVIOUS].flatMap((secret) =>
      secret === undefined ? [] : [deriveKey(secret)],
    );
  }

  /** @returns null without a cookie, or with an invalid or expired one */
  read(request: FastifyRequest): Device | null {
    const [userId, id, issuedAt, signature, ...rest] = this.cookie.read(request)?.split('.') ?? [];
    if (!userId || !id || !issuedAt || !signature || rest.length > 0) return null;
    const isSigned = this.keys.some((key) =>
      isEqual(sign(key, `${userId}.${id}.${issuedAt}`), signature),
    );
    const isCurrent = Date.now() - Number(issuedAt) < LIFETIME_MS;
    return isSigned && isCurrent ? { id, userId } : null;
  }

  /** Every sign-in gets a new one. */
  write(reply: FastifyReply, userId: string): void {
    const now = Date.now();
    const id = randomBytes(ID_BYTES).toString('base64url');
    const content = `${userId}.${id}.${now}`;
    const expires = new Date(now + LIFETIME_MS);
    this.cookie.write(reply, `${content}.${sign(this.keys[0]!, content)}`, expires);
  }
}

/** Its own key, so that tokens signed for one purpose are invalid for the other. */
function deriveKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'modex device cookie', 32));
}

function sign(key: Buffer, content: string): string {
  return createHmac('sha256', key).update(content).digest('base64url');
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
