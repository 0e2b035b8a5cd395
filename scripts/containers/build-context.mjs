import * as fs from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} ignoreFile the text of a .dockerignore
 * @returns {(path: string) => boolean} whether a path, relative to the context, is sent to a builder;
 *   as Docker reads it: the last pattern that matches the path or a folder above it decides
 */
export function sentToBuilder(ignoreFile) {
  const rules = ignoreFile
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isKept: line.startsWith('!'), pattern: pattern(line.replace(/^!/, '')) }));
  return (path) => rules.findLast((rule) => rule.pattern.test(path))?.isKept ?? true;
}

/** @param {string} glob */
function pattern(glob) {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (wildcard) => (wildcard === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${body}(?:/|$)`);
}

/**
 * Copies what a COPY without --from copies.
 *
 * @param {string} root of the context
 * @param {string} source relative to it
 * @param {string} target
 * @param {(path: string) => boolean} isSent
 */
export function copyFromContext(root, source, target, isSent) {
  const from = join(root, source);
  if (!fs.existsSync(from) || !isSent(source))
    throw new Error(`${source} is not sent to a builder`);
  fs.cpSync(from, target, {
    recursive: true,
    filter: (path) => isSent(path.slice(root.length + 1)),
  });
}
