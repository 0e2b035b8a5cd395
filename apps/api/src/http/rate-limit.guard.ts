import { Injectable } from '@nestjs/common';
import { ThrottlerException, ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';

/** The throttler with the header fields of the IETF's RateLimit draft instead of `X-RateLimit-…`. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker, generateKey } = request;
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const name = throttler.name ?? 'default';
    const tracker = await getTracker(http.getRequest(), context);
    const { totalHits, timeToExpire, isBlocked, timeToBlockExpire } =
      await this.storageService.increment(
        generateKey(context, tracker, name),
        ttl,
        limit,
        blockDuration,
        name,
      );
    const remaining = Math.max(0, limit - totalHits);
    const reset = isBlocked ? timeToBlockExpire : timeToExpire;
    void reply.header('RateLimit-Policy', `"${name}";q=${limit};w=${Math.ceil(ttl / 1_000)}`);
    void reply.header('RateLimit', `"${name}";r=${remaining};t=${reset}`);
    if (isBlocked) {
      void reply.header('Retry-After', timeToBlockExpire);
      throw new ThrottlerException();
    }
    return true;
  }
}
