import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@modex/domain';
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Cacheable, but to be revalidated before each use. */
export const REVALIDATE = 'public, no-cache';

/** Strong ETag of a body that has no version of its own. */
export function etagOfBody(body: string | Buffer): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`;
}

/** Sets the validator. If the client's copy is current, sets 304 and returns true: send no body. */
export function isFresh(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('ETag', etag).header('Cache-Control', REVALIDATE);
  const fresh = isNamed(request.headers, etag);
  if (fresh) void reply.status(HttpStatus.NOT_MODIFIED);
  return fresh;
}

/** Whether `If-None-Match` names this validator. */
export function isNamed({ 'if-none-match': header }: IncomingHttpHeaders, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header.trim() === '*') return true;
  // An etag contains its quotes, so it only matches whole, also in a list and after `W/`.
  return header.includes(etag);
}

/**
 * The revision in `If-Match`; null if it names none. Only the revision
 * is compared, so that an organiser can save while bookings raise the version.
 * @throws PRECONDITION_FAILED when it is not an ETag of a show
 */
export function revisionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  // Compressing proxies make ETags weak; the revision in them is the same.
  const match = /^(?:W\/)?"(\d{1,9})-[^"]*"$/.exec(ifMatch.trim());
  if (!match) {
    throw new DomainError(
      'precondition-failed',
      'PRECONDITION_FAILED',
      'If-Match is not an ETag of this show.',
    );
  }
  return Number(match[1]);
}
