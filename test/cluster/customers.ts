import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ApiClient, Booking } from '../api-client.js';
import type { RunningCluster } from './running-cluster.js';

/** Between two requests of one person. Milliseconds. */
const PAUSE_MS = 100;
/** Before the one other try. Milliseconds. */
const RETRY_AFTER_MS = 250;

/** One request as its sender saw it. */
export interface Sent {
  what: string;
  /** By the monotonic clock. Milliseconds. */
  at: number;
  tookMs: number;
  status: number;
  code: string | undefined;
  isProblem: boolean;
  isRetry: boolean;
}

type Told = Pick<Booking, 'status' | 'quantity' | 'version'>;

/**
 * People who look, hold, confirm and cancel through nginx without a pause. Each hold has an
 * idempotency key, and what is answered 503, or not at all, is tried once more.
 */
export class Customers {
  readonly sent: Sent[] = [];
  /** Of each booking, what was acknowledged last, and whose it is. */
  readonly told = new Map<string, Told & { token: string }>();
  /** What was not answered well even at the second try. */
  readonly failures: Sent[] = [];
  private isOver = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly cluster: RunningCluster,
    private readonly showIds: readonly string[],
    tokens: readonly string[],
    private readonly pauseMs = PAUSE_MS,
  ) {
    this.running = tokens.map((token, i) => this.live(token, i));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async live(token: string, i: number): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      const showId = this.showIds[(i + n) % this.showIds.length]!;
      await this.request(token, 'look', 'GET', `/api/v1/shows?q=${i}-${n}`);
      const held = await this.request<Booking>(token, 'hold', 'POST', '/api/v1/bookings', {
        body: { showId, quantity: 1 + (n % 3) },
        headers: { 'idempotency-key': `${i}-${n}` },
      });
      if (!held) continue;
      this.remember(token, held.body);
      // Some are left to expire.
      if (n % 5 === 0) continue;
      const path = `/api/v1/bookings/${held.body.id}`;
      const action = n % 5 === 1 ? 'cancel' : 'confirm';
      const changed = await this.request<Booking>(token, action, 'POST', `${path}/${action}`);
      if (changed) this.remember(token, changed.body);
      await this.request(token, 'read', 'GET', path);
    }
  }

  private remember(token: string, { id, status, quantity, version }: Booking): void {
    const known = this.told.get(id);
    if (!known || version >= known.version) {
      this.told.set(id, { status, quantity, version, token });
    }
  }

  /** @returns the answer if it is a good one */
  private async request<Body>(
    token: string,
    what: string,
    ...[method, path, options]: Parameters<ApiClient['request']>
  ): Promise<Answer<Body> | null> {
    for (const isRetry of [false, true]) {
      await sleep(isRetry ? RETRY_AFTER_MS : this.pauseMs);
      const at = performance.now();
      const answer = await this.cluster
        .client(token)
        .request<Body & { code?: string }>(method, path, options)
        .catch(() => null);
      const status = answer?.status ?? 0;
      const sent: Sent = {
        what,
        at,
        tookMs: performance.now() - at,
        status,
        code: status < 300 ? undefined : answer?.body.code,
        isProblem: /^application\/problem\+json/.test(answer?.headers.get('content-type') ?? ''),
        isRetry,
      };
      this.sent.push(sent);
      if (status >= 200 && status < 300) return answer;
      if (isRetry || (status !== 503 && status !== 0)) {
        this.failures.push(sent);
        return null;
      }
    }
    return null;
  }
}
