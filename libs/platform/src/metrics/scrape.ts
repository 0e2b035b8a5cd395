import type { Registry } from 'prom-client';

/** What one metric may take: more than a health check, which is one of them. Milliseconds. */
const COLLECT_MS = 2_500;

const COUNT = 'modex_scrape_missing_metrics';
const NAMES = 'modex_scrape_missing';

/**
 * The text of all metrics. One that has not been collected in time, or fails, is left out and named:
 * a part that does not answer hides its own figures only.
 */
export class Scrape {
  /** What is being collected, by metric: a part that is silent is asked once, not at every scrape. */
  private readonly collecting = new Map<string, Promise<string>>();

  constructor(
    private readonly registry: Registry,
    private readonly collectMs = COLLECT_MS,
  ) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    const missing: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.collectMs);
    });
    const texts = await Promise.all(
      this.registry.getMetricsAsArray().map(async ({ name }) => {
        const text = await Promise.race([late, this.collect(name)]).catch(() => null);
        if (text === null) missing.push(name);
        return text;
      }),
    );
    clearTimeout(timer);
    return `${[...texts.filter((text) => text !== null), describe(missing)].join('\n\n')}\n`;
  }

  private collect(name: string): Promise<string> {
    const running = this.collecting.get(name);
    if (running) return running;
    const started = this.registry
      .getSingleMetricAsString(name)
      .finally(() => this.collecting.delete(name));
    this.collecting.set(name, started);
    return started;
  }
}

function describe(missing: readonly string[]): string {
  return [
    `# HELP ${COUNT} Metrics that are not in this answer, since what they ask did not answer in time or failed.`,
    `# TYPE ${COUNT} gauge`,
    `${COUNT} ${missing.length}`,
    `# HELP ${NAMES} Names of these metrics.`,
    `# TYPE ${NAMES} gauge`,
    ...missing.map((name) => `${NAMES}{metric="${name}"} 1`),
  ].join('\n');
}
