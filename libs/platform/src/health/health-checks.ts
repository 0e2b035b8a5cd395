/** How long one check may take before it counts as failed. Milliseconds. */
const CHECK_TIMEOUT_MS = 2_000;

export interface HealthReport {
  status: 'ok' | 'unavailable';
  /** `ok`, or why not, by name of the part. */
  checks: Record<string, string>;
}

/** Whether this process can do its work: a list of named checks, and whether it is shutting down. */
export class HealthChecks {
  private readonly checks = new Map<string, () => Promise<unknown>>();
  private readonly stopListeners: (() => void)[] = [];
  private stopping = false;

  /** @param check rejects when the part is down; its message is shown to everybody */
  register(name: string, check: () => Promise<unknown>): void {
    this.checks.set(name, check);
  }

  /** From now on not ready, whatever the checks say. */
  stop(): void {
    this.stopping = true;
    for (const listener of this.stopListeners) listener();
  }

  /** @param listener hears that this process is to stop, before anything is closed */
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
    // A driver's message may name hosts and users, which are nobody's business.
    const result = check().then(
      () => 'ok',
      () => 'down',
    );
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
