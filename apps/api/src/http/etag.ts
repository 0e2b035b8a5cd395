import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@modex/domain';
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** May be kept, but not shown without asking whether it is still true. */
export const REVALIDATE = 'public, no-cache';

/** Strong ETag of a body that has no version of its own. */
export function etagOfBody(body: string | Buffer): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`;
}

/** Sets the validator, and says whether the client's copy is still good: then 304 without a body. */
export function isFresh(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('ETag', etag).header('Cache-Control', REVALIDATE);
  const fresh = isNamed(request.headers, etag);
  if (fresh) void reply.status(HttpStatus.NOT_MODIFIED);
  return fresh;
}

/** Whether `If-None-Match` names this validator. */
export function isNamed({ 'if-none-match': asked }: IncomingHttpHeaders, etag: string): boolean {
  if (asked === undefined) return false;
  if (asked === etag || asked.trim() === '*') return true;
  // The quotes are part of it, so it is found whole or not at all, in a list and after `W/` too.
  return asked.includes(etag);
}

/**
 * The revision that `If-Match` asks for; null if it asks for none in particular. Only the revision
 * is compared, so that an organiser can save while bookings raise the version.
 * @throws PRECONDITION_FAILED when it is not an ETag of a show
 */
export function revisionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  // A proxy that compresses makes ETags weak; the revision in them is the same.
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
