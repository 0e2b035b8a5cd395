import { useEffect } from 'react';
import { watchedShows } from './live-connection';

/** Counters of these shows move while the component is on screen. */
export function useWatchShows(ids: readonly string[]): void {
  const joined = ids.join(' ');
  useEffect(() => {
    if (joined === '') return;
    return watchedShows.add(joined.split(' '));
  }, [joined]);
}
