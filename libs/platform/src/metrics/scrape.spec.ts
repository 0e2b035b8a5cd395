import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import { Scrape } from './scrape.js';

describe('a scrape', () => {
  it('leaves out and names what does not answer in time or fails, and asks it once', async () => {
    const registry = new Registry();
    let asked = 0;
    let answer = () => {};
    const gauge = (name: string, collect: () => Promise<void>) =>
      new Gauge({ name, help: name, registers: [registry], collect });
    new Counter({ name: 'requests', help: 'requests', registers: [registry] }).inc(3);
    gauge('silent', () => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    });
    gauge('failing', () => Promise.reject(new Error('no database')));
    const scrape = new Scrape(registry, 50);
    for (let n = 0; n < 3; n++) {
      const text = await scrape.text();
      expect(text).toContain('\nrequests 3\n');
      expect(text).toContain('\nmodex_scrape_missing_metrics 2\n');
      expect(text).toContain('modex_scrape_missing{metric="silent"} 1\n');
      expect(text).toContain('modex_scrape_missing{metric="failing"} 1\n');
      expect(text).not.toMatch(/^(silent|failing) /m);
    }
    expect(asked).toBe(1);
    answer();
    await new Promise(setImmediate);
    const again = scrape.text();
    answer();
    expect(await again).toContain('\nsilent 0\n');
  });

  it('says the same as the registry where nothing is missing', async () => {
    const registry = new Registry();
    new Counter({ name: 'requests', help: 'All.', registers: [registry] }).inc(3);
    const text = await new Scrape(registry).text();
    expect(text.startsWith((await registry.metrics()).trimEnd())).toBe(true);
    expect(text).toContain('\nmodex_scrape_missing_metrics 0\n');
  });
});
