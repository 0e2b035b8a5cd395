/** One series as a process shows it, or as a query asks for it. */
export interface Series {
  name: string;
  labels: Record<string, string>;
}

export interface Selector {
  name: string;
  matchers: { label: string; operator: '=' | '!=' | '=~' | '!~'; value: string }[];
}

/** The series of an answer of `/metrics`. */
export function readSeries(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [{ name, labels: Object.fromEntries(pairs.map(([, label, value]) => [label, value])) }];
  });
}

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring']);

/** What an expression of PromQL asks for; as much of the language as ours are written in. */
export function selectorsOf(expression: string): Selector[] {
  const bare = expression
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const names = bare.matchAll(/(?<![\w.:"{=~/|])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\}|\()?/g);
  return [...names].flatMap(([, name, rest = '']) => {
    if (rest === '(' || WORDS.has(name!)) return [];
    const matchers = [...rest.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
      ([, label, operator, value]) => ({ label, operator, value }) as Selector['matchers'][number],
    );
    return [{ name: name!, matchers }];
  });
}

/** The labels that an expression groups by. */
export function groupingsOf(expression: string): string[] {
  return [...expression.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, labels]) =>
    labels!.split(',').map((label) => label.trim()),
  );
}

/** Whether a series is, or but for its values might be, what the selector asks for. */
export function answers({ name, labels }: Series, selector: Selector): boolean {
  return (
    name === selector.name &&
    selector.matchers.every(({ label, operator, value }) => {
      const has = labels[label];
      if (has === undefined) return false;
      if (operator === '=') return has === value;
      if (operator === '=~') return new RegExp(`^(?:${value})$`).test(has);
      return true;
    })
  );
}
