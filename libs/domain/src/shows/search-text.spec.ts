import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldText, searchPatterns, searchTextOf } from './search-text.js';

const show = (title: string) => ({
  title,
  venue: null,
  origin: null,
  destination: null,
  practitioner: null,
  region: null,
});

/** LIKE, for patterns whose wildcards are not at their ends only because they are escaped. */
const matches = (text: string, pattern: string) =>
  text.includes(pattern.slice(1, -1).replace(/\\(.)/g, '$1'));
const isFound = (title: string, by: string) =>
  searchPatterns(by).every((pattern) => matches(searchTextOf(show(title)), pattern));

describe('folding', () => {
  it.each([
    ['CAFÉ', 'cafe\u0301', 'caf\u200bé', 'cafe'],
    ['O’Brien', "O'Brien", 'o‘brien', 'O´Brien', 'OʼBrien', 'O`Brien'],
    ['“Live” (2026)', '"live" 2026', '«LIVE» [2026]', '„live‟ 2026'],
    ['1990–2000', '1990-2000', '1990—2000', '1990‑2000'],
    ['Wait…', 'wait...'],
    ['Straße', 'STRASSE', 'strasse', 'STRAẞE'],
    ['İstanbul', 'ISTANBUL', 'istanbul', 'ıstanbul'],
    ['ΟΔΟΣ', 'οδός', 'οδοσ'],
    ['Łódź', 'Lodz', 'LODZ'],
    ['Søren Ærø', 'soren aero'],
    ['Ёлка', 'ЕЛКА', 'елка'],
    ['Чайка', 'ЧАИ\u0306КА'],
    ['ﬁn', 'fin', 'ＦＩＮ'],
    ['क्\u200dष', 'क्ष'],
    ['a\u00a0b', 'a b', ' a \u2003 b\u2028', 'a\u0007b'],
    ['\u1100\u1161', '가'],
    ['rock\u1ffdn', 'rock\u00b4n', "rock'n"],
  ])('makes %s and its other forms one', (...forms) => {
    expect(new Set(forms.map(foldText)).size).toBe(1);
  });

  it.each([
    ['कुल', 'कल'],
    ['שָׁלוֹם', 'שלום'],
    ['a-b', 'a b'],
  ])('keeps %s apart from %s', (one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });

  it('of what is folded changes nothing, whatever form it came in', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 });
    fc.assert(
      fc.property(text, (any) => {
        const folded = foldText(any);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(any.normalize('NFC'))).toBe(folded);
        expect(foldText(any.normalize('NFD'))).toBe(folded);
      }),
    );
  });

  it('takes time in proportion to the text', () => {
    const began = performance.now();
    for (const part of ['a\u0301', 'a'.padEnd(9, '\u0301'), '\u093f', ' ', '\u200b', '´']) {
      foldText(part.repeat(100_000));
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('a search', () => {
  it.each([
    [
      'Café chantant',
      ['cafe\u0301', 'cafe', 'CAFÉ', 'caf\u200bé', 'chant café', 'antan'],
      ['cafés'],
    ],
    ['“Oper” (Live)', ['op', 'li', '(live)', '"oper"'], ['pe']],
    ['O’Brien live', ["O'Brien", 'o‘brien', 'brien', 'li'], ['ve', 'obrien']],
    ['École du soir', ['ecole', 'école', 'du', 'd'], ['oi', 'x']],
    ['Балет Жизель', ['жизель', 'БАЛЕТ', 'изел', 'жи', 'ж'], ['ел']],
    ['कुल सभा', ['कुल', 'सभा कुल', 'कु'], ['कल']],
    ['Jazz 100%', ['100%', 'jazz 100'], ['50%', '_', '%']],
    ['Bus_trip', ['s_t', 'bus_'], ['s%t', 'usxt']],
    ['C:\\temp', ['c:\\', ':\\te'], ['\\\\', '\\']],
    ['👩‍👩‍👧 family day', ['👩‍👩‍👧', '👩‍👩‍👧 family'], ['👨']],
    // Its key must not be found by the letters that it is made of.
    ['कुल', [], ['a', 'ldo', 'LDO', 'uja']],
  ])('for %s', (title, finders, others) => {
    expect(finders.filter((by) => !isFound(title, by))).toEqual([]);
    expect(others.filter((by) => isFound(title, by))).toEqual([]);
  });

  it('finds what it was made of, in any language', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
    fc.assert(fc.property(text, (title) => expect(isFound(title, title)).toBe(true)));
  });

  it('of many words is for the five longest of them', () => {
    expect(searchPatterns('a bb ccc dddd eeeee ffffff ggggggg a')).toEqual([
      '%ggggggg%',
      '%ffffff%',
      '%eeeee%',
      '%dddd%',
      '%ccc%',
    ]);
    expect(searchPatterns('j '.repeat(49))).toEqual(['% j%']);
    expect(searchPatterns('a b c d e f g h i j k l m n o p q r s t u v w x y z')).toHaveLength(5);
  });

  it('for nothing visible is for no word', () => {
    expect(searchPatterns(' \u200b\u00ad \u3164\u2800\t(“”)')).toEqual([]);
  });

  it('has three characters of the index in each pattern, whatever the words', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    // A space before the first counts for two: that is how `pg_trgm` marks the start of a word.
    const trigram = /[a-zA-Z0-9]{3}| [a-zA-Z0-9]/;
    fc.assert(
      fc.property(text, (query) => {
        const patterns = searchPatterns(query);
        fc.pre(patterns.length > 0);
        expect(patterns.some((each) => trigram.test(each))).toBe(true);
      }),
    );
  });
});
