import type { ListPage, Show, ShowCounters } from '../api/types';
import { mapItems, type Pages } from './pages';

/** The counters of a show as they are after an event; the same object when it brings nothing new. */
export function applyCounters<S extends Show>(show: S, counters: ShowCounters | undefined): S {
  if (!counters || counters.id !== show.id || counters.version <= show.version) return show;
  const { availableSlots, heldSlots, totalSlots, nextReleaseAt, status, version } = counters;
  return { ...show, availableSlots, heldSlots, totalSlots, nextReleaseAt, status, version };
}

export function applyCountersToPages<S extends Show>(
  pages: Pages<S>,
  byId: ReadonlyMap<string, ShowCounters>,
): Pages<S> {
  return mapItems(pages, (show) => applyCounters(show, byId.get(show.id)));
}

/** A read may be older than what the socket has already told: then its counters are not taken. */
export function keepNewerCounters<S extends Show>(known: S | undefined, read: S): S {
  return known ? applyCounters(read, known) : read;
}

export function keepNewerCountersInPages<S extends Show>(
  known: Pages<S> | undefined,
  read: Pages<S>,
): Pages<S> {
  if (!known) return read;
  const byId = new Map(known.pages.flatMap((page: ListPage<S>) => page.data).map((s) => [s.id, s]));
  return applyCountersToPages(read, byId);
}
