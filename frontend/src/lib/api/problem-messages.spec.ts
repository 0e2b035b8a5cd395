import { describe, expect, it } from '@jest/globals';
import { ConnectionError, ProblemError, isOutcomeUnknown } from './problem';
import { explain } from './problem-messages';

describe('an explanation', () => {
  it('replaces the text of a known code', () => {
    expect(explain(problem({ code: 'HOLD_EXPIRED' })).title).toBe('Your hold ran out');
  });

  it('gives the request id to quote after a failure, not after a refusal', () => {
    const failure = problem({ code: 'INTERNAL', status: 500 });
    expect(explain(failure)).toHaveProperty('requestId', 'req-1');
    expect(explain(problem({ code: 'SOLD_OUT' }))).not.toHaveProperty('requestId');
  });

  it('keeps the problem’s own text for an unknown code', () => {
    const strange = problem({ code: 'NEW_RULE', title: 'A new rule', detail: 'It says no.' });
    expect(explain(strange)).toMatchObject({ title: 'A new rule', detail: 'It says no.' });
  });

  it('tells how many slots are left when too many were asked for', () => {
    const error = problem({ code: 'SOLD_OUT', availableSlots: 2, heldSlots: 5 });
    expect(explain(error).detail).toContain('Only 2 are still free');
  });

  it('says that slots may be released while they are only held', () => {
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
  ])('of a rate limit says how long to wait: %s is %s', (retryAfter, wait) => {
    const error = problem({ code: 'RATE_LIMITED', status: 429, retryAfter });
    expect(explain(error).detail).toBe(`Please wait ${wait} before trying again.`);
  });

  it('of a failed precondition says that somebody else changed the show', () => {
    expect(explain(problem({ code: 'WHATEVER', status: 412 })).title).toContain('Somebody else');
  });

  it('of an unexpected error is general', () => {
    expect(explain(new TypeError('x is undefined')).title).toBe('Something went wrong');
  });
});

describe('an unknown outcome', () => {
  it('is a missing response, or one that does not know', () => {
    expect(isOutcomeUnknown(new ConnectionError('offline'))).toBe(true);
    expect(isOutcomeUnknown(problem({ code: 'OUTCOME_UNKNOWN', status: 503 }))).toBe(true);
    expect(isOutcomeUnknown(problem({ code: 'HTTP_504', status: 504 }))).toBe(true);
  });

  it('is not a refusal', () => {
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
