import type { Histogram, Registry } from 'prom-client';

/** Durations of one kind. */
export interface DurationSeries {
  observe(seconds: number): void;
}

interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  /** Upper ends of the buckets but the last, which has none. Seconds. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

/**
 * A histogram for the hot path. prom-client's builds a string from the labels at each observation,
 * which takes 0.7 µs at up to 20,000 answers a second. Here the caller keeps its series: 0.05 µs.
 */
export class Durations {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  private readonly buckets: readonly number[];
  private readonly all: Series[] = [];

  constructor({ name, help, buckets, registry }: DurationsOptions) {
    this.name = name;
    this.help = help;
    this.buckets = buckets;
    // The methods below are all that a registry uses.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** Call once for the same labels. */
  series(labels: Readonly<Record<string, string>>): DurationSeries {
    const series = new Series(labels, this.buckets);
    this.all.push(series);
    return series;
  }

  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const values = this.all.flatMap((series) => series.values(name));
    return { name, help, type, aggregator, values };
  }

  reset(): void {
    for (const series of this.all) series.reset();
  }
}

class Series implements DurationSeries {
  /** One for each bucket, and one for longer durations. */
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(
    private readonly labels: Readonly<Record<string, string>>,
    private readonly buckets: readonly number[],
  ) {
    this.counts = new Float64Array(buckets.length + 1);
  }

  observe(seconds: number): void {
    const { buckets, counts } = this;
    let i = 0;
    while (i < buckets.length && seconds > buckets[i]!) i += 1;
    counts[i]! += 1;
    this.sum += seconds;
  }

  values(name: string) {
    const { labels, buckets, counts } = this;
    let count = 0;
    const values = [...counts].map((each, i) => {
      count += each;
      const le = String(buckets[i] ?? '+Inf');
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...values,
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }

  reset(): void {
    this.counts.fill(0);
    this.sum = 0;
  }
}
