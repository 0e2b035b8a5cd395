import type { SharedLimiter, SharedLimiters } from '../../http/shared-limiters.js';
import { KEPT_MS, LocalFailureCounts, LONGEST_WAIT_MS, waitAfter } from './failure-counts.js';
import type { FailureCounts } from './failure-counts.js';

/** Unlike the library's script, every failure moves the expiry. */
const COUNT = `local count = redis.call('incrby', KEYS[1], ARGV[1])
redis.call('expire', KEYS[1], ARGV[2])
return { count, ARGV[2] * 1000 }`;

/** Counts in Redis, shared by all API instances; in this process without Redis or while it is away. */
export class SharedFailureCounts implements FailureCounts {
  private readonly local = new LocalFailureCounts();
  private readonly failures: SharedLimiter | null;
  private readonly waits: SharedLimiter | null;

  constructor(limiters: SharedLimiters) {
    const duration = KEPT_MS / 1_000;
    const customIncrTtlLuaScript = COUNT;
    this.failures = limiters.create('failures', { points: 1, duration, customIncrTtlLuaScript });
    this.waits = limiters.create('waits', { points: 1, duration: LONGEST_WAIT_MS / 1_000 });
  }

  async wait(key: string): Promise<number> {
    const { waits } = this;
    if (!waits) return this.local.wait(key);
    return waits.get(key).then(
      (wait) => wait?.msBeforeNext ?? 0,
      () => this.local.wait(key),
    );
  }

  async fail(key: string): Promise<void> {
    const { failures, waits } = this;
    if (!failures || !waits) return this.local.fail(key);
    try {
      const { consumedPoints } = await failures.penalty(key);
      const wait = waitAfter(consumedPoints);
      if (wait > 0) await waits.block(key, wait / 1_000);
    } catch {
      await this.local.fail(key);
    }
  }

  async succeed(key: string): Promise<void> {
    await this.local.succeed(key);
    // While Redis is away the counts there expire by themselves.
    await Promise.allSettled([this.failures?.delete(key), this.waits?.delete(key)]);
  }
}
