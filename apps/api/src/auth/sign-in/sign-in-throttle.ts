import { createHash } from 'node:crypto';
import { DomainError } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { SharedLimiters } from '../../http/shared-limiters.js';
import type { Attempt } from '../passwords/password-hasher.js';
import type { FailureCounts } from './failure-counts.js';
import { SharedFailureCounts } from './shared-failure-counts.js';

/** Limits wrong passwords for each account, existing or not, and for each device that signed in before. */
@Injectable()
export class SignInThrottle {
  private readonly failures: FailureCounts;
  private readonly signIns: Counter<'result'>;

  constructor(limiters: SharedLimiters, registry: Registry) {
    this.failures = new SharedFailureCounts(limiters);
    this.signIns = new Counter({
      name: 'modex_sign_ins_total',
      help: 'Sign-ins with a password, by result; the password of throttled ones is not checked.',
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
        return succeeded ? this.failures.succeed(key) : this.failures.fail(key);
      },
    };
  }

  /** @throws RATE_LIMITED */
  private async assertOpen(key: string): Promise<void> {
    const left = await this.failures.wait(key);
    if (left <= 0) return;
    this.signIns.inc({ result: 'throttled' });
    throw tooManyFailures(Math.ceil(left / 1_000));
  }
}

const tooManyFailures = (retryAfter: number) =>
  new DomainError(
    'rate-limited',
    'RATE_LIMITED',
    'Too many wrong passwords for this account. Try again later, or from where you signed in before.',
    { retryAfter },
  );
