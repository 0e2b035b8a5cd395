/** A slower check counts as failed. Milliseconds. */
const CHECK_TIMEOUT_MS = 2_000;

export interface HealthReport {
  status: 'ok' | 'unavailable';
  /** `ok` or the reason, by check. */
  checks: Record<string, string>;
}

/** The readiness of this process: named checks, and whether it is shutting down. */
export class HealthChecks {
  private readonly checks = new Map<string, () => Promise<unknown>>();
  private readonly stopListeners: (() => void)[] = [];
  private stopping = false;

  /** @param check rejects when the dependency is down */
  register(name: string, check: () => Promise<unknown>): void {
    this.checks.set(name, check);
  }

  /** Makes the process unready, whatever the checks. */
  stop(): void {
    this.stopping = true;
    for (const listener of this.stopListeners) listener();
  }

  /** @param listener called when the process begins to stop, before anything is closed */
  onStop(listener: () => void): void {
    this.stopListeners.push(listener);
  }

  async ready(): Promise<HealthReport> {
    if (this.stopping) return { status: 'unavailable', checks: { process: 'shutting down' } };
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const checks = Object.fromEntries(results);
    const status = results.every(([, result]) => result === 'ok') ? 'ok' : 'unavailable';
    return { status, checks };
  }
}

async function outcome(check: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), CHECK_TIMEOUT_MS);
  });
  try {
    // A driver's message may reveal hosts and users.
    const result = check().then(
      () => 'ok',
      () => 'down',
    );
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
