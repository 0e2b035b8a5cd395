import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} Variable
 * @property {string} name
 * @property {string} meaning its doc comment
 * @property {string} value the default, or what it is made from
 * @property {string} allowed
 * @property {string} unit
 */

/** Units that a name ends with; others are said by the tag `@unit` of the doc comment. */
const UNITS = /** @type {const} */ ([
  ['_MS', 'ms'],
  ['_PER_SECOND', '1/s'],
  ['_SECONDS', 's'],
  ['_DAYS', 'days'],
]);

/**
 * Reads the class of a schema: each field whose name is in capitals is a variable, its doc comment
 * the meaning, its initialiser the default and its decorators the values allowed.
 *
 * @param {string} root
 * @param {string} file
 * @returns {Variable[]}
 */
export function readSchema(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const fields = source.statements
    .filter((statement) => ts.isClassDeclaration(statement))
    .flatMap((declaration) => [...declaration.members])
    .filter((member) => ts.isPropertyDeclaration(member))
    .filter((member) => /^[A-Z][A-Z\d_]+$/.test(member.name.getText()))
    // One that overrides a variable of every process is described there.
    .filter(
      ({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.OverrideKeyword),
    );
  return fields.map((field) => {
    const name = field.name.getText();
    const tags = ts.getJSDocTags(field);
    const meaning = ts
      .getJSDocCommentsAndTags(field)
      .filter((comment) => ts.isJSDoc(comment))
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    if (meaning === '') throw new Error(`${file}: ${name} has no doc comment`);
    return {
      name,
      meaning,
      value: tagOf(tags, 'default') ?? initialValue(field),
      allowed: tagOf(tags, 'allowed') ?? allowedValues(field),
      unit: tagOf(tags, 'unit') ?? UNITS.find(([end]) => name.endsWith(end))?.[1] ?? '',
    };
  });
}

/**
 * @param {readonly ts.JSDocTag[]} tags
 * @param {string} name
 * @returns {string | undefined}
 */
function tagOf(tags, name) {
  const tag = tags.find(({ tagName }) => tagName.text === name);
  return tag && ts.getTextOfJSDocComment(tag.comment);
}

/** @param {ts.PropertyDeclaration} field */
function initialValue({ initializer, questionToken }) {
  if (!initializer) return questionToken ? 'none' : 'required';
  if (ts.isStringLiteral(initializer)) return `\`${initializer.text}\``;
  if (ts.isNumericLiteral(initializer)) return initializer.getText().replaceAll('_', '');
  if (ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0) return 'none';
  throw new Error(`The default ${initializer.getText()} needs a tag @default`);
}

/** @param {ts.PropertyDeclaration} field */
function allowedValues(field) {
  /** @type {Map<string, string>} */
  const rules = new Map();
  for (const { expression } of ts.getDecorators(field) ?? []) {
    if (!ts.isCallExpression(expression)) continue;
    const [first] = expression.arguments;
    rules.set(expression.expression.getText(), first?.getText() ?? '');
  }
  const [min, max] = ['Min', 'Max'].map((rule) => rules.get(rule)?.replaceAll('_', ''));
  if (min !== undefined) return max === undefined ? `from ${min}` : `${min}–${max}`;
  const choices = rules.get('IsIn')?.matchAll(/'([^']+)'/g) ?? [];
  return [...choices].map(([, choice]) => `\`${choice}\``).join(', ');
}
