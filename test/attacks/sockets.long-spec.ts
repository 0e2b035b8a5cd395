import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestTimes } from '../../apps/api/test/support/request-times.js';
import { AttackedSale, figures, percentiles, type Attack } from './support/attacked-sale.js';
import { flood, type Flood, type Flooded } from './support/flooding-sockets.js';
import { measureAgainOnNoise } from './support/measure-again.js';

measureAgainOnNoise();

const SECONDS = 5;
const watch = (count: number) => {
  const ids = Array.from({ length: count }, randomUUID);
  return `427${JSON.stringify(['watchShows', { ids }])}`;
};

/** Everything a client may send, at a rate that nobody needs. */
const FLOODS: Record<string, Omit<Flood, 'url' | 'address'>> = {
  'five sockets that change what they watch': {
    sockets: 5,
    messagesPerSecond: 1_600,
    packets: [watch(200), watch(200)],
  },
  'the same, which come back when they are closed': {
    sockets: 5,
    messagesPerSecond: 1_600,
    packets: [watch(200), watch(200)],
    returns: true,
  },
  'five sockets that authenticate': {
    sockets: 5,
    messagesPerSecond: 8_000,
    packets: [`427${JSON.stringify(['authenticate', { token: 'x'.repeat(8_000) }])}`],
  },
  'five sockets that send what nobody listens to': {
    sockets: 5,
    messagesPerSecond: 20_000,
    packets: ['42["nonsense",{}]', '43[]', '42["nonsense"]'],
  },
};

describe('beside sockets that flood', () => {
  let sale: AttackedSale;
  let addresses = 0;
  const health = () => requestTimes(`${sale.api.url}/health/live`, SECONDS * 40);
  beforeAll(async () => {
    sale = await AttackedSale.start();
  }, 60_000);
  afterAll(() => sale.stop());

  it.each(Object.entries(FLOODS))(
    '%s: holds and health are answered as without',
    async (name, plan) => {
      const told: Flooded[] = [];
      // A minute after a flood its address is still cut short.
      const attack = (address: string) =>
        flood({ url: sale.api.url, address, ...plan }, (flooded) => told.push(flooded));
      const live = await beside(attack(`192.0.2.${++addresses}`), health);
      const { p99 } = percentiles(live);
      const before = await sale.measure(SECONDS);
      const during = await sale.measure(SECONDS, attack(`192.0.2.${++addresses}`));
      console.log(
        [
          `${name}, and nothing else: /health/live p99 ${p99.toFixed(1)} ms`,
          figures('a sale without it', before),
          figures('beside it', during),
          JSON.stringify(told),
        ].join('\n'),
      );
      expect(p99).toBeLessThanOrEqual(50);
      expect(during.live.p99).toBeLessThanOrEqual(Math.max(50, 1.5 * before.live.p99));
      expect(during.holds.p50).toBeLessThan(1.5 * before.holds.p50);
      expect(during.holds.perSecond).toBeGreaterThan(0.75 * before.holds.perSecond);
    },
    60_000,
  );
});

async function beside<Value>(attack: Attack, measure: () => Promise<Value>): Promise<Value> {
  const end = new AbortController();
  const attacking = attack(end.signal);
  try {
    return await measure();
  } finally {
    end.abort();
    await attacking;
  }
}
