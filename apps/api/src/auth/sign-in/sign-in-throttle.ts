import { createHash } from 'node:crypto';
import { DomainError } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Counter, Registry } from 'prom-client';
import type { Attempt } from '../passwords/password-hasher.js';

const FREE_FAILURES = 10;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so long without a further one, failures are forgotten. */
const REMEMBERED_MS = 24 * 3_600_000;
/** About 10 MB. Each entry costs whoever makes it a password hash, so that nobody soon pushes others out. */
const MOST_KEYS = 50_000;

interface Failures {
  count: number;
  lastAt: number;
  /** By this process's monotonic clock. Milliseconds. */
  blockedUntil: number;
}

/**
 * Counts wrong passwords for each account, known or not, and for each device that signed in before.
 * From the tenth failure on each costs a wait: 15 s, doubled with every further one up to 15 minutes.
 * Counted in this process: with several, each allows as many.
 */
@Injectable()
export class SignInThrottle {
  private readonly failures = new LRUCache<string, Failures>({
    max: MOST_KEYS,
  });
  private readonly signIns: Counter<'result'>;

  constructor(registry: Registry) {
    this.signIns = new Counter({
      name: 'modex_sign_ins_total',
      help: 'Sign-ins with a password, by result; throttled ones were not looked at.',
      labelNames: ['result'],
      registers: [registry],
    });
    for (const result of ['succeeded', 'failed', 'throttled']) this.signIns.inc({ result }, 0);
  }

  /** @param of the account or device, in any length */
  attempt(of: string): Attempt {
    const key = createHash('sha256').update(of).digest('base64');
    return {
      begin: () => this.assertOpen(key),
      end: (succeeded) => {
        this.signIns.inc({ result: succeeded ? 'succeeded' : 'failed' });
        if (succeeded) this.failures.delete(key);
        else this.failed(key);
      },
    };
  }

  /** @throws RATE_LIMITED */
  private assertOpen(key: string): void {
    const left = (this.failures.get(key)?.blockedUntil ?? 0) - performance.now();
    if (left <= 0) return;
    this.signIns.inc({ result: 'throttled' });
    throw tooManyFailures(Math.ceil(left / 1_000));
  }

  private failed(key: string): void {
    const now = performance.now();
    const before = this.failures.get(key);
    const count = before && now - before.lastAt < REMEMBERED_MS ? before.count + 1 : 1;
    const doublings = count - FREE_FAILURES;
    const wait = doublings < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS);
    this.failures.set(key, { count, lastAt: now, blockedUntil: now + wait });
  }
}

const tooManyFailures = (retryAfter: number) =>
  new DomainError(
    'rate-limited',
    'RATE_LIMITED',
    'Too many wrong passwords for this account. Try again later, or from where you signed in before.',
    { retryAfter },
  );
