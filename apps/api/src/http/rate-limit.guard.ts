import { Injectable } from '@nestjs/common';
import {
  ThrottlerException,
  ThrottlerGuard,
  type ThrottlerRequest,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The throttler with the header fields of the IETF's RateLimit draft instead of `X-RateLimit-…`. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  /**
   * Counts a request that is answered before guards are asked, as the guard would have.
   * @param route `Class.method` of who answers it otherwise
   * @returns headers of the answer, names and values in turn; null past the limit, where the guard
   *   is to answer
   */
  async take(request: FastifyRequest, route: string): Promise<string[] | null> {
    const [throttler] = this.throttlers;
    if (!throttler) return [];
    const { name = 'default' } = throttler;
    const [limit, ttl] = [Number(throttler.limit), Number(throttler.ttl)];
    const tracker = await this.getTracker(request as never);
    const count = await this.storageService.increment(`${route} ${tracker}`, ttl, limit, 0, name);
    if (count.isBlocked) return null;
    return [
      'RateLimit-Policy',
      policyOf(name, limit, ttl),
      'RateLimit',
      stateOf(name, limit, count),
    ];
  }

  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker, generateKey } = request;
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const name = throttler.name ?? 'default';
    const tracker = await getTracker(http.getRequest(), context);
    const key = generateKey(context, tracker, name);
    const count = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    void reply.header('RateLimit-Policy', policyOf(name, limit, ttl));
    void reply.header('RateLimit', stateOf(name, limit, count));
    if (count.isBlocked) {
      void reply.header('Retry-After', count.timeToBlockExpire);
      throw new ThrottlerException();
    }
    return true;
  }
}

function policyOf(name: string, limit: number, ttl: number): string {
  return `"${name}";q=${limit};w=${Math.ceil(ttl / 1_000)}`;
}

function stateOf(name: string, limit: number, count: Count): string {
  const reset = count.isBlocked ? count.timeToBlockExpire : count.timeToExpire;
  return `"${name}";r=${Math.max(0, limit - count.totalHits)};t=${reset}`;
}
