import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalEmail } from './canonical-email.js';

describe('the canonical form of an e-mail address', () => {
  it.each([
    ['kim@example.test', ['Kim@Example.test', 'KIM@EXAMPLE.TEST']],
    [
      'kim@xn--mller-kva.example',
      [
        'kim@müller.example',
        'kim@mu\u0308ller.example',
        'kim@MÜLLER.example',
        'Kim@XN--MLLER-KVA.example',
      ],
    ],
    ['kim@xn--strae-oqa.de', ['kim@straße.de']],
    ['kim@xn--d1abbgf6aiiy.xn--p1ai', ['kim@президент.рф', 'kim@ПРЕЗИДЕНТ.РФ']],
    [
      'josé@example.test',
      ['JOSÉ@example.test', 'jose\u0301@example.test', 'JOSE\u0301@example.test'],
    ],
    ['οδοσ@example.test', ['ΟΔΟΣ@example.test', 'οδος@example.test']],
    ["o'brien+tickets@example.test", ["O'Brien+tickets@example.test"]],
  ])('is %s for each of its spellings', (canonical, spellings) => {
    expect(spellings.map(canonicalEmail)).toEqual(spellings.map(() => canonical));
    expect(canonicalEmail(canonical)).toBe(canonical);
  });

  it.each([
    ['a zero-width space', 'kim\u200b@example.test'],
    ['a zero-width joiner', 'ki\u200dm@example.test'],
    ['a right-to-left override', 'kim\u202e@example.test'],
    ['an isolate', '\u2066kim@example.test'],
    ['an embedding before it', '\u202akim@example.test'],
    ['a soft hyphen in the domain', 'kim@exa\u00admple.test'],
    ['a byte order mark', '\ufeffkim@example.test'],
    ['a variation selector', 'kim\ufe0f@example.test'],
    ['a tag character', 'kim\u{e0061}@example.test'],
    ['a Hangul filler', 'kim\u3164@example.test'],
    ['a Braille blank', 'kim\u2800@example.test'],
    ['a no-break space', 'kim\u00a0@example.test'],
    ['a line break', 'kim@example.test\r\nBcc: x@example.test'],
    ['a line separator', 'kim\u2028@example.test'],
    ['a control character', 'kim\u0007@example.test'],
    ['a NUL', 'kim\0@example.test'],
    ['half a character', 'kim\ud800@example.test'],
    ['a private character', 'kim\ue000@example.test'],
    ['a quoted local part', '"kim"@example.test'],
    ['full-width letters in the domain', 'kim@\uff45xample.test'],
    ['an ideographic full stop', 'kim@example\u3002test'],
    ['an escape in the domain', 'kim@a%2eexample.test'],
    ['a path', 'kim@example.test/x'],
    ['a port', 'kim@example.test:25'],
    ['an IP address', 'kim@127.0.0.1'],
    ['a domain literal', 'kim@[127.0.0.1]'],
    ['punycode that means nothing', 'kim@xn--zzzzzz99999.test'],
    ['no dot in the domain', 'kim@localhost'],
    ['a dot at the end', 'kim@example.test.'],
    ['two dots', 'kim@example..test'],
    ['a hyphen at the edge of a label', 'kim@-example.test'],
    ['no local part', '@example.test'],
    ['no domain', 'kim@'],
    ['no at sign', 'kim'],
    ['a local part of 65 bytes', `${'k'.repeat(65)}@example.test`],
    ['255 characters', `kim@${'a.'.repeat(124)}test`],
  ])('is refused with %s', (_, address) => {
    expect(canonicalEmail(address)).toBeNull();
  });

  it('is its own canonical form, whatever the text', () => {
    const parts = fc.tuple(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
    );
    fc.assert(
      fc.property(parts, ([local, label]) => {
        const canonical = canonicalEmail(`${local}@${label}.test`);
        if (canonical === null) return;
        expect(canonicalEmail(canonical)).toBe(canonical);
        expect(canonicalEmail(`${local.toUpperCase()}@${label}.test`) ?? canonical).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});
