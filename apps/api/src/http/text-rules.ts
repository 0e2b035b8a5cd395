/** Unicode white space and characters that render as nothing. */
const EMPTY = /[\s\u0085\u180e\u200b\u2060\u2800]/;
const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** A visible character; marks and private characters alone are not. */
const VISIBLE =
  /(?![\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}])[\p{Letter}\p{Number}\p{Punctuation}\p{Symbol}]/u;

/** Embeddings, overrides and isolates change the direction of the text around them. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\ufff9-\ufffb]/u;
/** Flags of regions are a black flag followed by tags. Any other tag hides text. */
const FLAGS = /\u{1f3f4}[\u{e0030}-\u{e007a}]{1,6}\u{e007f}/gu;
const TAGS = /[\u{e0000}-\u{e007f}]/u;
const NONCHARACTERS = /[\p{Noncharacter_Code_Point}\p{Surrogate}]/u;

/** Trims a text. A regular expression anchored at the end would take quadratic time. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && EMPTY.test(text[start]!)) start += 1;
  while (end > start && EMPTY.test(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** Trims a multi-line text and normalises its line breaks. */
export const linesOf = (text: string): string => trimmed(text.replace(LINE_BREAKS, '\n'));

/** The error of a name, title or place, or null. */
export function faultOfLine(text: string): string | null {
  if (CONTROLS.test(text)) return 'must not contain line breaks or control characters';
  const fault = faultOfCharacters(text);
  if (fault !== null) return fault;
  return text === '' || VISIBLE.test(text) ? null : 'must contain a visible character';
}

/** The same for a text that may have several lines. */
export function faultOfLines(text: string): string | null {
  return CONTROLS.test(text.replace(/[\n\t]/g, ''))
    ? 'must not contain control characters'
    : faultOfCharacters(text);
}

function faultOfCharacters(text: string): string | null {
  if (DIRECTIONS.test(text)) return 'must not contain characters that override its direction';
  const isBroken = NONCHARACTERS.test(text) || TAGS.test(text.replace(FLAGS, ''));
  return isBroken ? 'must not contain half a character or a hidden one' : null;
}
