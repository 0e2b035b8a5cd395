import type { EntityManager } from 'typeorm';
import { isShort } from '../bookings/hold-limits.js';
import type { Show } from '../shows/show.entity.js';
import { BookingLoader } from './booking-loader.js';
import type { ShardingSettings } from './on-its-shards.js';
import { MAX_RELEASED_PER_SHOW, ReadSet, type ReadRequests } from './read-set.js';
import { TotalsLoader } from './totals-loader.js';

/**
 * Reads what the commands requested: one statement per kind, all sent together after the lock, so
 * that they see what committed during the wait. Every lookup of one booking or one user is an index
 * lookup, independent of the show's size and of PostgreSQL's statistics.
 *
 * @param clock the transaction's one clock value, read after the lock
 */
export async function loadReadSet(
  manager: EntityManager,
  clock: Date,
  requests: ReadRequests,
  shows: ReadonlyMap<string, Show>,
  settings: ShardingSettings,
): Promise<ReadSet> {
  const readSet = new ReadSet();
  const bookings = new BookingLoader(manager, readSet, requests, settings);
  const totals = new TotalsLoader(manager, readSet, requests, settings);
  const { limits, short } = lapsedHoldsNeeded(requests, shows);
  const holders = [...requests.holders.values()];
  const shortHolders = holders.filter(({ showId }) => mayBeShort(showId, shows, requests));
  await Promise.all([
    bookings.bookings(),
    bookings.bookingsByKey(),
    bookings.activeBookings(),
    totals.events(),
    totals.everBooked(),
    totals.slotsOfUsers(
      clock,
      requests.users.filter(({ showId }) => mayHaveLimit(showId, shows, requests)),
    ),
    totals.heldSlots(clock, holders),
    totals.givenBack(clock, shortHolders),
    totals.lapsedSlots(clock, [...new Set(shortHolders.map(({ showId }) => showId))]),
    bookings.lapsedHolds(clock, limits),
    totals.nextReleases(clock, short),
  ]);
  return readSet;
}

/** Whether the show is short of slots, or becomes short if every hold of the batch succeeds. */
function mayBeShort(
  showId: string,
  shows: ReadonlyMap<string, Show>,
  { wantedSlots }: ReadRequests,
): boolean {
  const show = shows.get(showId);
  if (!show) return false;
  return isShort(show.availableSlots - (wantedSlots.get(showId) ?? 0), show.totalSlots);
}

function mayHaveLimit(
  showId: string,
  shows: ReadonlyMap<string, Show>,
  { limits }: ReadRequests,
): boolean {
  return limits.has(showId) || (shows.get(showId)?.maxSlotsPerUser ?? null) !== null;
}

/** For each show, how many lapsed holds may be needed at most, and which shows run short of slots. */
function lapsedHoldsNeeded(requests: ReadRequests, shows: ReadonlyMap<string, Show>) {
  const limits = new Map(requests.sweeps);
  const short: string[] = [];
  for (const [showId, wanted] of requests.wantedSlots) {
    const show = shows.get(showId);
    if (!show || show.heldSlots === 0) continue;
    const missing = wanted - show.availableSlots;
    if (missing <= 0) continue;
    short.push(showId);
    // A hold has at least one slot, so as many holds as missing slots are always enough.
    limits.set(showId, Math.max(limits.get(showId) ?? 0, Math.min(missing, MAX_RELEASED_PER_SHOW)));
  }
  return { limits, short };
}
