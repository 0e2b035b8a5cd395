import { LRUCache } from 'lru-cache';

const FREE_FAILURES = 10;
const FIRST_WAIT_MS = 15_000;
export const LONGEST_WAIT_MS = 15 * 60_000;
/** Failures expire this long after the last one. */
export const KEPT_MS = 24 * 3_600_000;
/** About 10 MB. Each entry costs its caller a password hash, which bounds how fast others are removed. */
const MAX_KEYS = 50_000;

/** Counts the failed sign-ins of each key, and how long it has to wait after them. */
export interface FailureCounts {
  /** @returns milliseconds, 0 if it need not wait */
  wait(key: string): Promise<number>;
  fail(key: string): Promise<void>;
  succeed(key: string): Promise<void>;
}

/** From the tenth failure on 15 s, doubled with every further one up to 15 minutes. Milliseconds. */
export function waitAfter(failures: number): number {
  const doublings = failures - FREE_FAILURES;
  return doublings < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS);
}

interface Failures {
  count: number;
  lastAt: number;
  /** By the monotonic clock. Milliseconds. */
  blockedUntil: number;
}

/** Counts in this process. */
export class LocalFailureCounts implements FailureCounts {
  private readonly failures = new LRUCache<string, Failures>({ max: MAX_KEYS });

  async wait(key: string): Promise<number> {
    return Math.max(0, (this.failures.get(key)?.blockedUntil ?? 0) - performance.now());
  }

  async fail(key: string): Promise<void> {
    const now = performance.now();
    const before = this.failures.get(key);
    const count = before && now - before.lastAt < KEPT_MS ? before.count + 1 : 1;
    this.failures.set(key, { count, lastAt: now, blockedUntil: now + waitAfter(count) });
  }

  async succeed(key: string): Promise<void> {
    this.failures.delete(key);
  }
}
