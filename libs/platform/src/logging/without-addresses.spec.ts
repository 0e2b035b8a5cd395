import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutAddresses } from './without-addresses.js';

describe('a log line', () => {
  it.each([
    ['550 5.1.1 <kim@example.com>: user unknown', '550 5.1.1 <[e-mail]>: user unknown'],
    ['Key (email)=(kim+x@müller.example) already exists', 'Key (email)=([e-mail]) already exists'],
    ["The 'To' number +491701234567 is not valid", "The 'To' number [phone] is not valid"],
    ['connect to postgres://modex:se%40cret@db:5432/modex', 'connect to postgres://db:5432/modex'],
    ['GET /api/v1/shows?q=kim%40example.com&limit=1', 'GET /api/v1/shows?q=[e-mail]&limit=1'],
  ])('says nothing of who somebody is: %s', (line, expected) => {
    expect(withoutAddresses(line)).toBe(expected);
  });

  it.each([
    '{"time":"2026-11-26T12:00:00.000Z","msg":"at work","port":9465}',
    'at file:///srv/node_modules/@nestjs/core/injector.js:10:3',
    '01997b1e-5a6f-7a3c-8d21-1234567890ab 2026-11-26T12:00:00+05:30',
  ])('keeps everything else: %s', (line) => {
    expect(withoutAddresses(line)).toBe(line);
  });

  it('stays JSON, whatever is in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '@', '+49170123456', '\n', '\u0007', '"', '\\', '://', '%40', ' '),
    });
    fc.assert(
      fc.property(text, (msg) => {
        const { level } = JSON.parse(withoutAddresses(JSON.stringify({ msg, level: 30 })));
        expect(level).toBe(30);
      }),
    );
  });

  it('has its texts as they were otherwise', () => {
    const line = JSON.stringify({ msg: 'to "Kim" <kim@example.com>\\', phone: '+491701234567' });
    expect(JSON.parse(withoutAddresses(line))).toEqual({
      msg: 'to "Kim" <[e-mail]>\\',
      phone: '[phone]',
    });
  });

  it('is read in linear time', () => {
    const since = performance.now();
    withoutAddresses(`+${'a'.repeat(1_000_000)}@`);
    expect(performance.now() - since).toBeLessThan(1_000);
  });
});
