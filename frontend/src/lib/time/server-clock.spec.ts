import { describe, expect, it } from '@jest/globals';
import { now } from './countdown';
import { recordServerTime, serverNow } from './server-clock';

const answer = (date: string, age?: string) =>
  new Response(null, { headers: { date, ...(age && { age }) } });
/** Seconds from the server's time to a moment. */
const until = (iso: string) => (Date.parse(iso) - serverNow()) / 1000;

describe('the server’s time', () => {
  it('is this machine’s until the server has answered', () => {
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
    recordServerTime(new Response(null));
    recordServerTime(answer('yesterday'));
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });

  it('follows the fastest response, and advances', () => {
    recordServerTime(answer('Thu, 01 Jan 2032 10:00:00 GMT'));
    expect(until('2032-01-01T10:00:10Z')).toBeCloseTo(10, 1);
    // Five seconds later the same second is said: this answer took its time.
    recordServerTime(answer('Thu, 01 Jan 2032 10:00:00 GMT'), now() + 5);
    expect(until('2032-01-01T10:00:10Z')).toBeCloseTo(10, 1);
    recordServerTime(answer('Thu, 01 Jan 2032 10:00:04 GMT'));
    expect(until('2032-01-01T10:00:10Z')).toBeCloseTo(6, 1);
  });

  it('counts how long an answer was kept on the way', () => {
    recordServerTime(answer('Thu, 01 Jan 2032 10:00:00 GMT', '9'));
    expect(until('2032-01-01T10:00:10Z')).toBeCloseTo(1, 1);
  });

  it('goes back where the clock was set back', () => {
    recordServerTime(answer('Thu, 01 Jan 2032 09:00:00 GMT'));
    expect(until('2032-01-01T09:00:10Z')).toBeCloseTo(10, 1);
  });
});
