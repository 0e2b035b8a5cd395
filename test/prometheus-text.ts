import type { Selector } from './promql.js';

/** One series as a process shows it. */
export interface Series {
  name: string;
  labels: Record<string, string>;
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
