import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  name: string;
  matchers: { label: string; operator: string; value: string }[];
}

/** What a PromQL expression reads. */
export interface Query {
  selectors: Selector[];
  /** The labels that it groups or joins by. */
  groupings: string[];
}

/** @throws where the expression is not PromQL */
export function parseQuery(expression: string): Query {
  // Grafana fills its variable in before it asks Prometheus.
  const text = expression.replaceAll('$__rate_interval', '5m');
  const tree = parser.parse(text);
  const query: Query = { selectors: [], groupings: [] };
  tree.iterate({
    enter({ type, node, from, to }) {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      const own = text.slice(from, to);
      const current = query.selectors.at(-1);
      if (type.name === 'VectorSelector') query.selectors.push({ name: '', matchers: [] });
      else if (type.name === 'Identifier') current!.name = own;
      else if (type.name === 'UnquotedLabelMatcher') {
        const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((name) => {
          const child = node.getChild(name)!;
          return text.slice(child.from, child.to);
        });
        current!.matchers.push({ label: label!, operator: operator!, value: value!.slice(1, -1) });
      } else if (type.name === 'GroupingLabels') {
        const clause = node.prevSibling?.name;
        if (clause === 'Without' || clause === 'Ignoring') return;
        const labels = node.getChildren('LabelName');
        query.groupings.push(...labels.map((label) => text.slice(label.from, label.to)));
      }
    },
  });
  return query;
}
