import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../libs/domain/src/database/data-source.js';
import { createManyShows } from '../../libs/domain/test/support/many-shows.js';
import { AttackedSale, figures } from './support/attacked-sale.js';
import { measureAgainOnNoise } from './support/measure-again.js';

measureAgainOnNoise();

const SHOWS = 100_000;
const SECONDS = 8;
const ATTACKERS = 20;
/** What cost a reading of every show, and those with hardly any letters in them. */
const SEARCHES = [
  `${'j '.repeat(49)}%`,
  '%'.repeat(20),
  '_'.repeat(16),
  'a b c d e f g h i j k l m n o p q r s t u v w x y z',
  'q w x z k',
  'jazz концерт सभा',
  'jazz concert symphony comedy school',
  'ж',
  'nothing that any show is called',
];

describe('searches that are made to be slow', () => {
  let sale: AttackedSale;
  beforeAll(async () => {
    sale = await AttackedSale.start();
    const source = new DataSource(
      dataSourceOptions({
        url: sale.installation.database.url,
        applicationName: 'test',
        poolSize: 2,
      }),
    );
    await source.initialize();
    await createManyShows(source, SHOWS);
    await source.destroy();
  }, 300_000);
  afterAll(() => sale.stop());

  it('are answered in time, and keep nobody from holding or signing in', async () => {
    const statuses: Record<string, number> = {};
    let slowestMs = 0;
    const ask = async (path: string, address: number, signal: AbortSignal) => {
      const began = performance.now();
      const answer = await fetch(`${sale.api.url}${path}`, {
        headers: { 'X-Forwarded-For': `10.9.${address >> 8}.${address & 255}` },
        signal,
      });
      await answer.arrayBuffer();
      return { status: answer.status, ms: performance.now() - began };
    };
    const calm = await sale.measure(SECONDS);
    let address = 0;
    const attacked = await sale.measure(SECONDS, (signal) =>
      Promise.all(
        Array.from({ length: ATTACKERS }, async () => {
          while (!signal.aborted) {
            // Every few requests from another address, as one whom the rate limit bothers would.
            const words = SEARCHES[address % SEARCHES.length]!;
            const path = `/api/v1/shows?q=${encodeURIComponent(words)}`;
            const answer = await ask(path, address++ >> 4, signal).catch(() => null);
            if (!answer) continue;
            statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
            slowestMs = Math.max(slowestMs, answer.ms);
          }
        }),
      ),
    );
    process.stdout.write(
      `${figures('calm', calm)}\n${figures('attacked', attacked)}\n` +
        `searches ${JSON.stringify(statuses)}, the slowest ${slowestMs.toFixed(0)} ms\n`,
    );
    expect(
      Object.keys(statuses).filter((status) => !['200', '429', '503'].includes(status)),
    ).toEqual([]);
    expect(slowestMs).toBeLessThan(3_000);
    expect(Object.keys(attacked.statuses)).toEqual(['201']);
    // Twenty who search without a pause share the cores with a hundred who hold.
    expect(attacked.holds.p99).toBeLessThan(5 * calm.holds.p99);
    expect(attacked.holds.perSecond).toBeGreaterThan(0.25 * calm.holds.perSecond);
  }, 120_000);
});
