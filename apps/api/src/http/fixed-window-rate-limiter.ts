/** The requests of one caller to one route. */
export interface Window {
  hits: number;
  /** By the monotonic clock. Milliseconds. */
  endsAt: number;
}

const CLEAN_EVERY_MS = 60_000;
/** At some hundred bytes each; past that the oldest caller is removed. */
const MAX_CALLERS = 100_000;

/** A fixed-window rate limiter: a window begins with a caller's first request to a route. */
export class FixedWindowRateLimiter {
  private readonly callers = new Map<string, Map<string, Window>>();
  private readonly timer = setInterval(() => this.clean(), CLEAN_EVERY_MS).unref();

  /** Callers with a request in the last window or two. */
  get callerCount(): number {
    return this.callers.size;
  }

  /** Counts a request. */
  take(caller: string, route: string, windowMs: number): Window {
    const now = performance.now();
    let windows = this.callers.get(caller);
    if (!windows) {
      if (this.callers.size >= MAX_CALLERS) this.callers.delete(this.callers.keys().next().value!);
      this.callers.set(caller, (windows = new Map()));
    }
    let window = windows.get(route);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + windowMs };
      windows.set(route, window);
    }
    window.hits += 1;
    return window;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private clean(): void {
    const now = performance.now();
    for (const [caller, windows] of this.callers) {
      for (const [route, { endsAt }] of windows) if (endsAt <= now) windows.delete(route);
      if (windows.size === 0) this.callers.delete(caller);
    }
  }
}
