import { useEffect, useState } from 'react';
import { now, secondsLeft, untilNextSecond } from './countdown';

/** Renders again at each whole second until it is 0; null when there is nothing to wait for. */
export function useSecondsLeft(seconds: number | null, receivedAt: number): number | null {
  const [at, setAt] = useState(now);
  const left = secondsLeft({ seconds, receivedAt }, Math.max(at, receivedAt));

  useEffect(() => {
    if (left === null || left === 0) return;
    const timer = setTimeout(() => setAt(now()), untilNextSecond({ seconds, receivedAt }, now()));
    return () => clearTimeout(timer);
  }, [seconds, receivedAt, left, at]);

  return left;
}
