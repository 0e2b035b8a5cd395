import { describe, expect, it } from '@jest/globals';
import { Histogram, Registry } from 'prom-client';
import { Durations } from './durations.js';

const NAME = 'request_seconds';
const HELP = 'Time of requests.';
const BUCKETS = [0.01, 0.1, 1];
const SECONDS = [0.001, 0.01, 0.0100001, 0.5, 1, 3, 0];

describe('durations', () => {
  it('are told as the histograms of prom-client are', async () => {
    const registry = new Registry();
    const durations = new Durations({ name: NAME, help: HELP, buckets: BUCKETS, registry });
    const [gets, posts] = [
      durations.series({ method: 'GET' }),
      durations.series({ method: 'POST' }),
    ];
    for (const seconds of SECONDS) gets.observe(seconds);
    posts.observe(0.2);

    const model = new Registry();
    const histogram = new Histogram({
      name: NAME,
      help: HELP,
      labelNames: ['method'],
      buckets: BUCKETS,
      registers: [model],
    });
    for (const seconds of SECONDS) histogram.observe({ method: 'GET' }, seconds);
    histogram.observe({ method: 'POST' }, 0.2);

    const lines = async (of: Registry) => sortLabels(await of.metrics());
    expect(await lines(registry)).toEqual(await lines(model));
  });
});

/** Their order means nothing. */
function sortLabels(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) =>
      line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').toSorted().join()}}`),
    );
}
