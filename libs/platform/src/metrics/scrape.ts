import type { Registry } from 'prom-client';

/** A slower metric is left out. More than a health check, which is one of them. Milliseconds. */
const COLLECT_MS = 2_500;

const COUNT = 'modex_scrape_missing_metrics';
const NAMES = 'modex_scrape_missing';

/**
 * The text of all metrics. A metric that fails or is not collected in time is left out and listed, so
 * that an unavailable dependency hides only its own metrics.
 */
export class Scrape {
  /** Running collections by metric: a slow one is shared by all scrapes. */
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
    `# HELP ${COUNT} Metrics left out of this scrape because they failed or were not collected in time.`,
    `# TYPE ${COUNT} gauge`,
    `${COUNT} ${missing.length}`,
    `# HELP ${NAMES} Names of the metrics left out.`,
    `# TYPE ${NAMES} gauge`,
    ...missing.map((name) => `${NAMES}{metric="${name}"} 1`),
  ].join('\n');
}
