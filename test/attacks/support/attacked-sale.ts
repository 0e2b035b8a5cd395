import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuyers } from '../../../apps/api/test/support/buyers.js';
import { requestTimes } from '../../../apps/api/test/support/request-times.js';
import { runHelper } from '../../../scripts/bench/helper-process.mjs';
import type { Outcomes } from '../../../scripts/bench/load-generator.mjs';
import type { ApiClient } from '../../api-client.js';
import { Installation, type ApiProcess } from '../../installation.js';

const CONNECTIONS = 100;
const BUYERS = 2_000;
const PROBES_PER_SECOND = 40;

/** Milliseconds. */
export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface Measured {
  /** Holds that succeeded. */
  holds: Percentiles & { perSecond: number };
  /** How often each status was answered to a hold; 0 stands for a broken connection. */
  statuses: Record<string, number>;
  /** `GET /health/live`, one request after the other. */
  live: Percentiles;
}

/** Runs until the signal fires, and ends by itself then. */
export type Attack = (signal: AbortSignal) => Promise<unknown>;

/**
 * One API with its rate limits on, and a sale of 100 connections. Each buyer has an account and an
 * address of their own (`X-Forwarded-For`); whoever sends none has the address of this machine.
 */
export class AttackedSale {
  private constructor(
    readonly installation: Installation,
    readonly api: ApiProcess,
    readonly organiser: ApiClient,
    private readonly folder: string,
  ) {}

  /** @param environment variables of the API, beside or instead of the usual ones */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<AttackedSale> {
    const settings = { RATE_LIMIT: 'on', TRUST_PROXY_HOPS: '1', ...environment };
    const { installation, api } = await Installation.withApi(settings);
    const organiser = await api.client().registerAdmin();
    const folder = mkdtempSync(join(tmpdir(), 'attacked-sale-'));
    const tokens = await createBuyers(installation, BUYERS);
    const lines = tokens.map((token, i) => `${token} 10.0.${i >> 8}.${i & 255}\n`);
    writeFileSync(join(folder, 'buyers'), lines.join(''));
    const sale = new AttackedSale(installation, api, organiser, folder);
    // The first requests of a process take their time for other reasons.
    await sale.measure(2);
    return sale;
  }

  /** Sells a new show for so many seconds, beside the attack where there is one. */
  async measure(seconds: number, attack?: Attack): Promise<Measured> {
    const { id } = await this.organiser.createShow({ totalSlots: 1_000_000, holdSeconds: 900 });
    const end = new AbortController();
    const attacking = attack?.(end.signal);
    // A failure shows below; until then it must not end the process.
    attacking?.catch(() => undefined);
    try {
      const [sold, times] = await Promise.all([
        this.sell(id, seconds),
        requestTimes(`${this.api.url}/health/live`, seconds * PROBES_PER_SECOND),
      ]);
      const { statuses, done } = sold.hold;
      const perSecond = Math.round(done.count / sold.seconds);
      return { holds: { ...done, perSecond }, statuses, live: percentiles(times) };
    } finally {
      end.abort();
      await attacking;
    }
  }

  async stop(): Promise<void> {
    await this.installation.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async sell(show: string, seconds: number): Promise<Outcomes> {
    const plan = {
      url: this.api.url,
      users: join(this.folder, 'buyers'),
      path: '/api/v1/bookings',
      shows: [show],
      connections: CONNECTIONS,
      seconds,
    };
    return runHelper('load-generator.mjs', new AbortController().signal, plan);
  }
}

export function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, (sorted.length * share) | 0)]!;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** One line for the log of a run, so that the figures of a green test can be read too. */
export function figures(name: string, { holds, statuses, live }: Measured): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [
    name,
    `${holds.perSecond} holds/s`,
    `p50 ${ms(holds.p50)}`,
    `p99 ${ms(holds.p99)}`,
    `/health/live p99 ${ms(live.p99)}`,
    JSON.stringify(statuses),
  ].join(', ');
}
