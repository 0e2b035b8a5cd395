import type { QueryClient } from '@tanstack/react-query';
import type { Booking, Received, Show, ShowCounters, ShowDetail, ShowsUpdated } from '../api/types';
import { queryKeys } from '../query-keys';
import { now } from '../time/countdown';
import { itemsOf, type Pages } from './pages';
import { applyBookingToPages, newerBooking } from './patch-bookings';
import { applyCounters, applyCountersToPages } from './patch-shows';

/** The server sends `listsChanged` at most this often. */
const LISTS_WITHIN_MS = 5000;

type ShowPages = Pages<Received<Show>>;
type BookingPages = Pages<Received<Booking>>;

/** Applies an availability update to the query cache. */
export function applyShowsUpdated(client: QueryClient, update: ShowsUpdated): void {
  const { shows, changed, listsChanged, resync }: ShowsUpdated = update;
  if (shows) patchCounters(client, shows);
  if (changed) withJitter(() => refetchShows(client, changed));
  if (listsChanged) withJitter(() => refetchLists(client), LISTS_WITHIN_MS);
  if (resync) withJitter(() => refetchAll(client));
}

export function applyBookingUpdated(client: QueryClient, booking: Booking): void {
  const received = { ...booking, receivedAt: now() };
  const lists = client.getQueriesData<BookingPages>({ queryKey: queryKeys.bookings.lists });
  client.setQueriesData<BookingPages>(
    { queryKey: queryKeys.bookings.lists },
    (pages) => pages && applyBookingToPages(pages, received),
  );
  client.setQueryData<Received<Booking>>(
    queryKeys.bookings.detail(booking.id),
    (known) => known && newerBooking(known, received),
  );
  // A booking made in another tab is in no list yet.
  const listed = lists.some(([, pages]) => itemsOf(pages).some(({ id }) => id === booking.id));
  if (!listed) void client.invalidateQueries({ queryKey: queryKeys.bookings.lists });
}

/** Refetches what changed while the socket was disconnected. */
export function refetchAfterReconnect(client: QueryClient): void {
  withJitter(() => refetchAll(client));
}

function patchCounters(client: QueryClient, shows: ShowCounters[]): void {
  const byId = new Map(shows.map((counters) => [counters.id, counters]));
  client.setQueriesData<ShowPages>(
    { queryKey: queryKeys.shows.lists },
    (pages) => pages && applyCountersToPages(pages, byId),
  );
  for (const counters of shows) {
    client.setQueryData<ShowDetail>(
      queryKeys.shows.detail(counters.id),
      (show) => show && applyCounters(show, counters),
    );
  }
}

function refetchAll(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: queryKeys.shows.all });
  void client.invalidateQueries({ queryKey: queryKeys.bookings.all });
}

function refetchShows(client: QueryClient, ids: string[]): void {
  const changed = new Set(ids);
  for (const id of ids) void client.invalidateQueries({ queryKey: queryKeys.shows.detail(id) });
  void client.invalidateQueries({
    queryKey: queryKeys.shows.lists,
    predicate: ({ state }) =>
      itemsOf(state.data as ShowPages | undefined).some(({ id }) => changed.has(id)),
  });
  // A new show is in no list yet: lists are marked stale and refetched when they are next opened.
  void client.invalidateQueries({ queryKey: queryKeys.shows.lists, refetchType: 'none' });
}

/** For new shows, and shows that moved into a list, a narrowed socket gets `listsChanged` only. */
function refetchLists(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: queryKeys.shows.lists });
}

/** Every page gets the update at the same moment; the jitter spreads their requests. */
function withJitter(read: () => void, withinMs = 2000): void {
  setTimeout(read, Math.random() * withinMs);
}
