import { sellingClosesAt } from './show-schedule.js';
import type { Show, ShowKind, ShowStatus } from './show.entity.js';

export const AVAILABILITIES = ['UPCOMING', 'OPEN', 'ALL_HELD', 'SOLD_OUT', 'CLOSED'] as const;
export type Availability = (typeof AVAILABILITIES)[number];

/** The fields of a show that change with its bookings. */
export interface ShowCounters {
  id: string;
  availableSlots: number;
  heldSlots: number;
  totalSlots: number;
  /** When no slot is free but some are held: when the first of them may come back. */
  nextReleaseAt: string | null;
  status: ShowStatus;
  version: number;
}

/** A show in the public API. Times are ISO 8601 in UTC. */
export interface ShowView extends ShowCounters {
  title: string;
  description: string;
  kind: ShowKind;
  venue: string | null;
  origin: string | null;
  destination: string | null;
  practitioner: string | null;
  region: string | null;
  startsAt: string;
  endsAt: string | null;
  timeZone: string;
  bookingOpensAt: string | null;
  bookingClosesAt: string | null;
  secondsToOpen: number;
  cancelUntil: string | null;
  maxSlotsPerUser: number | null;
  holdSeconds: number | null;
  availability: Availability;
  createdAt: string;
  updatedAt: string;
}

/** A show and a time that is not in its row. */
export interface ShowReading {
  show: Show;
  /** When the earliest of its holds expires, if no slot is free; else null. */
  nextReleaseAt: Date | null;
}

export function viewCounters({ show, nextReleaseAt }: ShowReading): ShowCounters {
  return {
    id: show.id,
    availableSlots: show.availableSlots,
    heldSlots: show.heldSlots,
    totalSlots: show.totalSlots,
    nextReleaseAt: nextReleaseAt?.toISOString() ?? null,
    status: show.status,
    version: show.version,
  };
}

/** @param now the database's clock */
export function viewShow(reading: ShowReading, now: Date): ShowView {
  const { show } = reading;
  return {
    ...viewCounters(reading),
    title: show.title,
    description: show.description,
    kind: show.kind,
    venue: show.venue,
    origin: show.origin,
    destination: show.destination,
    practitioner: show.practitioner,
    region: show.region,
    startsAt: show.startsAt.toISOString(),
    endsAt: show.endsAt?.toISOString() ?? null,
    timeZone: show.timeZone,
    bookingOpensAt: show.bookingOpensAt?.toISOString() ?? null,
    bookingClosesAt: show.bookingClosesAt?.toISOString() ?? null,
    secondsToOpen: secondsToOpen(show, now),
    cancelUntil: show.cancelUntil?.toISOString() ?? null,
    maxSlotsPerUser: show.maxSlotsPerUser,
    holdSeconds: show.holdSeconds,
    availability: availabilityOf(show, now),
    createdAt: show.createdAt.toISOString(),
    updatedAt: show.updatedAt.toISOString(),
  };
}

/** When the view of a show next changes by the passing of time alone; null if it never does. */
export function viewChangesAt(show: Show, now: Date): Date | null {
  const seconds = secondsToOpen(show, now);
  if (show.bookingOpensAt && seconds > 0) {
    return new Date(show.bookingOpensAt.getTime() - (seconds - 1) * 1_000);
  }
  const closesAt = sellingClosesAt(show);
  return show.status === 'SCHEDULED' && now < closesAt ? closesAt : null;
}

export function availabilityOf(show: Show, now: Date): Availability {
  if (show.status === 'CANCELLED' || now >= sellingClosesAt(show)) return 'CLOSED';
  if (secondsToOpen(show, now) > 0) return 'UPCOMING';
  if (show.availableSlots > 0) return 'OPEN';
  return show.heldSlots > 0 ? 'ALL_HELD' : 'SOLD_OUT';
}

function secondsToOpen({ bookingOpensAt }: Show, now: Date): number {
  if (!bookingOpensAt) return 0;
  return Math.max(0, Math.ceil((bookingOpensAt.getTime() - now.getTime()) / 1_000));
}
