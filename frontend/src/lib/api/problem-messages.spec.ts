import { describe, expect, it } from '@jest/globals';
import { ConnectionError, ProblemError, isOutcomeUnknown } from './problem';
import { explain } from './problem-messages';

describe('an explanation', () => {
  it('is ours for a code we know', () => {
    expect(explain(problem({ code: 'HOLD_EXPIRED' })).title).toBe('Your hold ran out');
  });

  it('gives the request id to quote after a failure, not after a refusal', () => {
    const failure = problem({ code: 'INTERNAL', status: 500 });
    expect(explain(failure)).toHaveProperty('requestId', 'req-1');
    expect(explain(problem({ code: 'SOLD_OUT' }))).not.toHaveProperty('requestId');
  });

  it('is the problem’s own for a code we do not know', () => {
    const strange = problem({ code: 'NEW_RULE', title: 'A new rule', detail: 'It says no.' });
    expect(explain(strange)).toMatchObject({ title: 'A new rule', detail: 'It says no.' });
  });

  it('tells how many slots are left when too many were asked for', () => {
    const error = problem({ code: 'SOLD_OUT', availableSlots: 2, heldSlots: 5 });
    expect(explain(error).detail).toContain('Only 2 are still free');
  });

  it('gives hope while slots are only held', () => {
    const error = problem({ code: 'SOLD_OUT', availableSlots: 0, heldSlots: 5 });
    expect(explain(error).title).toBe('All slots are held right now');
  });

  it('names the first field that was refused', () => {
    const errors = [{ path: 'quantity', message: 'must be at most 20' }];
    const error = problem({ code: 'VALIDATION_FAILED', status: 400, errors });
    expect(explain(error).detail).toBe('quantity: must be at most 20');
  });

  it.each([
    [1, '1 second'],
    [15, '15 seconds'],
    [60, '1 minute'],
    [601, '11 minutes'],
    [undefined, 'a moment'],
  ])('of too many tries says how long to wait: %s is %s', (retryAfter, wait) => {
    const error = problem({ code: 'RATE_LIMITED', status: 429, retryAfter });
    expect(explain(error).detail).toBe(`Please wait ${wait} before trying again.`);
  });

  it('of a lost edit says that somebody else was faster', () => {
    expect(explain(problem({ code: 'WHATEVER', status: 412 })).title).toContain('Somebody else');
  });

  it('of what is no problem at all promises nothing', () => {
    expect(explain(new TypeError('x is undefined')).title).toBe('Something went wrong');
  });
});

describe('a lost answer', () => {
  it('is no answer, or one that does not know', () => {
    expect(isOutcomeUnknown(new ConnectionError('offline'))).toBe(true);
    expect(isOutcomeUnknown(problem({ code: 'OUTCOME_UNKNOWN', status: 503 }))).toBe(true);
    expect(isOutcomeUnknown(problem({ code: 'HTTP_504', status: 504 }))).toBe(true);
  });

  it('is not a refusal before any work', () => {
    expect(isOutcomeUnknown(problem({ code: 'OVERLOADED', status: 503 }))).toBe(false);
    expect(isOutcomeUnknown(problem({ code: 'SOLD_OUT' }))).toBe(false);
  });
});

function problem(over: Record<string, unknown>): ProblemError {
  return new ProblemError({
    type: 'about:blank',
    title: 'Refused',
    status: 409,
    code: 'REFUSED',
    detail: '',
    instance: '/',
    requestId: 'req-1',
    ...over,
  });
}
