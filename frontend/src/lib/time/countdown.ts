/** Seconds on a monotonic clock. */
export function now(): number {
  return performance.now() / 1000;
}

/** A number of seconds from the server, and when (see `now`) it was received. */
export interface Remaining {
  seconds: number | null;
  receivedAt: number;
}

/** Whole seconds still to wait, never below 0; null when there is nothing to wait for. */
export function secondsLeft({ seconds, receivedAt }: Remaining, at: number): number | null {
  if (seconds === null) return null;
  return Math.max(0, Math.ceil(seconds - (at - receivedAt)));
}

/** Milliseconds until `secondsLeft` changes next. */
export function untilNextSecond({ seconds, receivedAt }: Remaining, at: number): number {
  const exact = (seconds ?? 0) - (at - receivedAt);
  const past = exact - (Math.ceil(exact) - 1);
  // Slightly late, so that a timer that fires early does not show a second twice.
  return Math.max(20, past * 1000 + 5);
}

/** `1:05`, `2:03:09`, or `3 d 4 h` when it is still far. */
export function formatCountdown(total: number): string {
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const padded = (value: number) => String(value).padStart(2, '0');
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours}:${padded(minutes)}:${padded(total % 60)}`;
  return `${minutes}:${padded(total % 60)}`;
}

const MILESTONES = [1800, 600, 300, 60, 30, 10, 0];

/**
 * The text for screen readers: the last milestone passed, so that it changes, and is announced, a
 * handful of times instead of every second.
 */
export function spokenMilestone(total: number): string | null {
  const passed = MILESTONES.filter((milestone) => total <= milestone).at(-1);
  if (passed === undefined) return null;
  if (passed === 0) return 'Time is up';
  return passed >= 60 ? `${count(passed / 60, 'minute')} left` : `${count(passed, 'second')} left`;
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
