import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsPhoneNumber, toE164 } from './phone-number.js';
import { faultOfLine, faultOfLines, linesOf, trimmed } from './text-rules.js';

const invisible = [
  ...['\u200b', '\u3164', '\u2800', '\u00ad\u200d', '\u115f', '\u1160', '\uffa0', '\ufeff'],
  ...[
    '\u0301',
    '\u093f\u0902',
    '\ufe0f',
    '\ue000',
    '\u{e0100}',
    '\u200e\u200f',
    '\ufffc',
    '\u061c',
  ],
];
const broken = [
  ...['a\u0007b', 'a\tb', 'a\0b', 'a\u007fb', 'a\u009bb', 'a\u0085b', 'a\nb', 'a\rb'],
  ...['line\r\nBcc: x@example.test', 'two\u2028lines', 'two\u2029lines', 'a\ufff9b'],
  ...['a\u202eb', 'a\u202ab', 'a\u202db', 'a\u2066b', 'a\u2069b', 'a\u202cb'],
  ...['a\ud800', 'a\uffff', 'a\u{e0041}\u{e0042}', '\u{1f3f4}a\u{e0067}'],
];
const accepted = [
  'क्‍ष',
  '👩‍👩‍👧 family day',
  'O’Brien & sons',
  'שלום',
  'می‌خواهم',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿 night',
  'ไทย\u200bละคร',
  'e\u0301',
  '!',
  '7',
  '☃️',
  '\u200fשלום (live)\u200e',
];

class Contact {
  @IsPhoneNumber()
  phone: string;
}

describe('a text of one line', () => {
  it.each(invisible)('has something to be seen: %j', (text) => {
    expect(faultOfLine(trimmed(text)) ?? 'empty').toMatch(/visible|empty/);
    expect(trimmed(text) === '' || faultOfLine(text) !== null).toBe(true);
  });

  it.each(broken)('does not have %j', (text) => {
    expect(faultOfLine(text)).toMatch(/^must not contain/);
  });

  it.each(accepted)('may be %s', (text) => {
    expect(faultOfLine(text)).toBeNull();
    expect(trimmed(text)).toBe(text);
  });

  it('loses all white space around it', () => {
    expect(trimmed('\u0085\u00a0\u2003\u3000\u2028 \u200bA b\u200b\t\n\ufeff')).toBe('A b');
  });
});

describe('a text of several lines', () => {
  it('keeps its lines, all with the same break', () => {
    expect(linesOf(' a\r\nb\rc\u2028d\u0085\te\n\n')).toBe('a\nb\nc\nd\n\te');
    expect(faultOfLines('a\n\tb')).toBeNull();
  });

  it.each(['a\u0007b', 'a\u202eb', 'a\u2066b', 'a\0b', 'a\ud800', 'a\u{e0041}'])(
    'does not have %j',
    (text) => {
      expect(faultOfLines(linesOf(text))).toMatch(/^must not contain/);
    },
  );
});

describe('a phone number', () => {
  it.each([
    ['+49 170 123-45 67', '+491701234567'],
    ['0049 (170) 1234567', '+491701234567'],
    ['+91 98765 43210', '+919876543210'],
    ['+49 (0)170 / 123.45.67', '+491701234567'],
    ['+1\u00a0(415)\u2011555\u20130100', '+14155550100'],
    ['\u202a+44 20 7946 0958\u202c', '+442079460958'],
    ['＋９１ ９８７６５ ４３２１０', '+919876543210'],
  ])('%s becomes %s', (written, number) => {
    const contact = plainToInstance(Contact, { phone: written });
    expect(contact.phone).toBe(number);
    expect(validateSync(contact)).toEqual([]);
  });

  it.each([
    '0170 1234567',
    '98765 43210',
    '+0 170 1234567',
    '12',
    '+49 170 x',
    '+',
    '',
    '00',
    '+1234567890123456',
  ])('is not made of %j', (written) => {
    expect(toE164(written)).toBe(written);
    expect(validateSync(plainToInstance(Contact, { phone: written }))).toHaveLength(1);
  });
});

describe('trimming', () => {
  it.each([' ', '\u200b', '\u2800', '\n'])('takes time in proportion to the text: %j', (space) => {
    const text = `a${space.repeat(80_000)}b`;
    // The shortest of some times is the one in which nothing else ran.
    const times = Array.from({ length: 3 }, () => {
      const started = performance.now();
      expect(trimmed(`${space}${text}${space}`)).toBe(text);
      linesOf(text);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
