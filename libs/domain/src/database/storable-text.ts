/**
 * The beginning of a text from anywhere, as PostgreSQL's text and JSON take it: without NUL and
 * without the half of a character that was cut in two.
 *
 * @param longest in UTF-16 code units
 */
export function storableText(text: string, longest: number): string {
  return Buffer.from(text.replaceAll('\0', '').slice(0, longest)).toString();
}
