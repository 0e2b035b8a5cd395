import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearerToken } from './bearer-token.js';

describe('the bearer token of a header', () => {
  it.each([
    ['Bearer abc.def-_~+/==', 'abc.def-_~+/=='],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    [undefined, null],
    ['', null],
    ['Bearer', null],
    ['Bearer ', null],
    ['Basic abc', null],
    ['xBearer abc', null],
    ['Bearer abc junk', null],
    ['Bearer abc=d', null],
    ['Bearer abc,Bearer def', null],
    [`Bearer ${'a'.repeat(2_041)}`, 'a'.repeat(2_041)],
    [`Bearer ${'a'.repeat(2_042)}`, null],
  ])('of %j is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it('is found in well under a millisecond, whatever the header repeats', () => {
    const parts = fc.constantFrom('x', ' ', '=', 'Bearer ', 'ä', '.', '\t', 'Bearer x=');
    fc.assert(
      fc.property(parts, parts, parts, (first, repeated, last) => {
        const header = first + repeated.repeat(15_500 / repeated.length) + last;
        // The shortest of some times is the one in which nothing else ran.
        const times = Array.from({ length: 5 }, () => {
          const started = performance.now();
          bearerToken(header);
          return performance.now() - started;
        });
        expect(Math.min(...times)).toBeLessThan(1);
      }),
    );
  });
});
