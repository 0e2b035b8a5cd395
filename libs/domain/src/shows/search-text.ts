/** Fields of a show that a search looks into. */
export interface SearchedFields {
  title: string;
  venue: string | null;
  origin: string | null;
  destination: string | null;
  practitioner: string | null;
  region: string | null;
}

/** Longer searches use their longest words only, which bounds their cost. */
const MAX_WORDS = 5;
/** Up to so many characters a word is only looked for where words begin. */
const SHORT = 2;

const FORMS: readonly [form: string, others: RegExp][] = [
  ["'", /[\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u02b9\u02bb\u02bc\u02bd\u00b4\u05f3`]/g],
  ['"', /[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u05f4]/g],
  ['-', /[\p{Dash_Punctuation}\u2212]/gu],
];

/** Latin letters with a stroke or grown together, which Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  þ: 'th',
  ς: 'σ',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** White space, and what stands around words. */
const SPACES = /[\s\p{Control}\p{Open_Punctuation}\p{Close_Punctuation}"\u2800]+/gu;
const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mark}+/gu;

/**
 * Brings texts that people take for the same to one form: case, accents, the Unicode form, kinds of
 * apostrophes and dashes, quotes and brackets around words, white space and invisible characters make
 * no difference. Marks of other scripts than Latin, Greek and Cyrillic stay, since they make another
 * word there: कुल is not कल.
 */
export function foldText(text: string): string {
  // Quotes before and after: Unicode takes ´ apart into a space and an accent, and ŉ into ʼn. First
  // composed, since there is a second ´, which is the same in that form only.
  const composed = text.replace(INVISIBLE, '').normalize('NFC');
  const letters = alike(alike(composed).normalize('NFKD'));
  const bare = letters.replace(ACCENTED, '$1');
  // By upper case, where ß is SS.
  const folded = bare.toLowerCase().toUpperCase().toLowerCase();
  return folded
    .replace(LETTER, (letter) => LETTERS[letter]!)
    .normalize('NFC')
    .replace(SPACES, ' ')
    .trim();
}

function alike(text: string): string {
  return FORMS.reduce((formed, [form, others]) => formed.replace(others, form), text);
}

/**
 * What is stored of a show for searches: its folded fields, and once more in capital letters the
 * words that have characters beside `a–z` and `0–9`. `pg_trgm` finds letters with the help of the
 * database's locale: with `C` it knows no others than ASCII's, with most none of the marks of Indic
 * scripts. Of the capitals it knows three of each three characters, wherever it runs.
 */
export function searchTextOf(show: SearchedFields): string {
  const { title, venue, origin, destination, practitioner, region } = show;
  const fields = [title, venue, origin, destination, practitioner, region];
  const folded = foldText(fields.filter((field) => field !== null).join(' '));
  const keys = new Set(wordsOf(folded).filter(isForeign).map(keyOf));
  return ` ${[folded, ...keys].join(' ')} `;
}

/** What is stored of a show so that it is found. */
export function searchColumns(show: SearchedFields & { revision: number }) {
  return { searchText: searchTextOf(show), searchRevision: show.revision };
}

/**
 * Patterns for LIKE, all of which the search text of a show has to match. A word of one or two
 * characters is found where a word begins, a longer one anywhere.
 */
export function searchPatterns(text: string): string[] {
  const words = [...new Set(wordsOf(foldText(text)))];
  const longest = words
    .map((word) => ({ word, length: [...word].length }))
    .toSorted((a, b) => b.length - a.length)
    .slice(0, MAX_WORDS);
  return longest.flatMap(({ word, length }) => {
    const start = length <= SHORT ? '% ' : '%';
    const forms = isForeign(word) ? [escapeLike(word), keyOf(word)] : [word];
    return forms.map((form) => `${start}${form}%`);
  });
}

const wordsOf = (folded: string): string[] => folded.split(' ').filter((word) => word !== '');

/** Whether the index may not know all of its characters. */
const isForeign = (word: string): boolean => /[^a-z0-9]/.test(word);

/** A capital letter for each character; the text itself has none after it was folded. */
const keyOf = (word: string): string =>
  Array.from(word, (character) => String.fromCharCode(65 + (character.codePointAt(0)! % 26))).join(
    '',
  );

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
