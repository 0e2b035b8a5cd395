import { useEffect, useState } from 'react';
import { serverNow } from './server-clock';

/** Timers are limited to 24.8 days and pause while the machine sleeps. */
const LOOK_AGAIN_MS = 60_000;

/** The server's time in milliseconds since 1970; renders again when it reaches one of `moments`. */
export function useServerTime(moments: readonly number[]): number {
  const [reached, setReached] = useState(serverNow);
  // The first value may come from the local clock, which can be ahead of the server's.
  const time = Math.min(reached, serverNow());
  const next = Math.min(Infinity, ...moments.filter((moment) => moment > time));

  useEffect(() => {
    if (next === Infinity) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const wait = next - serverNow();
      if (wait <= 0) setReached(serverNow());
      else timer = setTimeout(look, Math.min(wait, LOOK_AGAIN_MS));
    };
    look();
    return () => clearTimeout(timer);
  }, [next]);

  return time;
}
