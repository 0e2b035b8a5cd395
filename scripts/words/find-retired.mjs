import { basename } from 'node:path';

/**
 * @typedef {object} Exemption
 * @property {string} path a file, or a folder with a slash at its end
 * @property {string} [line] only lines that contain this; without it the whole path
 * @property {string} why
 *
 * @typedef {object} RetiredWords each word with what to write instead
 * @property {Record<string, string>} identifiers whole words; `*` stands for any part of one
 * @property {Record<string, string>} files parts of file names
 * @property {Record<string, string>} phrases in any letter case, also over the end of a line
 * @property {Exemption[]} exempt literal meanings
 */

// A line of a comment begins with an asterisk, slashes or a hash.
const GAP = String.raw`(?:\s+(?:(?:\*|//|#)\s+)?)`;
const LETTER = '[A-Za-z0-9_$]';

/** @param {string} word */
const escaped = (word) => word.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);

/** @param {string} word */
const identifierPattern = (word) => escaped(word).replaceAll('*', String.raw`\w*`);

/** @param {string} phrase */
const phrasePattern = (phrase) => phrase.split(' ').map(escaped).join(GAP);

/**
 * @param {Record<string, string>} words
 * @param {(word: string) => string} pattern
 * @param {string} flags
 * @param {[string, string]} border what may not stand before and after a word
 */
function matcher(words, pattern, flags, [before, after]) {
  const whole = Object.keys(words).map(pattern).join('|');
  const each = Object.entries(words).map(
    ([word, instead]) => /** @type {const} */ ([new RegExp(`^${pattern(word)}$`, flags), instead]),
  );
  return {
    found: new RegExp(`(?<!${before})(?:${whole})(?!${after})`, `g${flags}`),
    /** @param {string} text */
    insteadOf: (text) => each.find(([one]) => one.test(text))?.[1] ?? '',
  };
}

/**
 * @param {RetiredWords} words
 * @param {Iterable<{ file: string, text: string }>} files
 * @returns {string[]} what is wrong, with the file, the line and what to write instead
 */
export function findRetired({ identifiers, files: names, phrases, exempt }, files) {
  const inNames = matcher(names, escaped, '', ['[a-z]', '[a-z]']);
  const inTexts = [
    matcher(identifiers, identifierPattern, '', [LETTER, LETTER]),
    matcher(phrases, phrasePattern, 'i', ['[\\w-]', '[\\w-]']),
  ];
  const needed = new Set();
  /**
   * @param {string} file
   * @param {string} line
   */
  const isExempt = (file, line) => {
    const exemption = exempt.find(
      ({ path, line: part = '' }) =>
        (path.endsWith('/') ? file.startsWith(path) : file === path) && line.includes(part),
    );
    if (exemption) needed.add(exemption);
    return exemption !== undefined;
  };

  /** @type {string[]} */
  const problems = [];
  for (const { file, text } of files) {
    for (const [word] of basename(file).matchAll(inNames.found)) {
      if (isExempt(file, '')) continue;
      problems.push(`${file}: "${word}" in its name is retired: ${inNames.insteadOf(word)}`);
    }
    const lines = text.split('\n');
    for (const { found, insteadOf } of inTexts) {
      for (const { 0: word, index } of text.matchAll(found)) {
        const number = text.slice(0, index).split('\n').length;
        if (isExempt(file, lines[number - 1] ?? '')) continue;
        const shown = word.replaceAll(/\s+/g, ' ');
        problems.push(`${file}:${number}: "${shown}" is retired: ${insteadOf(word)}`);
      }
    }
  }
  for (const { path, line } of exempt.filter((each) => !needed.has(each))) {
    const where = line === undefined ? path : `${path} (${line})`;
    problems.push(`nothing needs the exemption of ${where} any more`);
  }
  return problems;
}
