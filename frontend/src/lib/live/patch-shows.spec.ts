import { describe, expect, it } from '@jest/globals';
import type { Show, ShowCounters } from '../api/types';
import type { Pages } from './pages';
import {
  applyCounters,
  applyCountersToPages,
  keepNewerCounters,
  keepNewerCountersInPages,
} from './patch-shows';

describe('counters of a show', () => {
  it('are taken from a newer version', () => {
    const patched = applyCounters(show({ version: 4 }), counters({ version: 5, heldSlots: 3 }));
    expect(patched).toMatchObject({ version: 5, heldSlots: 3, title: 'Concert' });
  });

  it('are left alone, with the object itself, by an older or equal version', () => {
    const known = show({ version: 5 });
    expect(applyCounters(known, counters({ version: 5, heldSlots: 3 }))).toBe(known);
    expect(applyCounters(known, counters({ version: 4, heldSlots: 3 }))).toBe(known);
  });

  it('of another show are not taken', () => {
    const known = show({ version: 1 });
    expect(applyCounters(known, counters({ id: 'other', version: 9 }))).toBe(known);
  });

  it('change only the shows they name in a list', () => {
    const list = pages(show({ id: 'a' }), show({ id: 'b' }));
    const patched = applyCountersToPages(list, new Map([['b', counters({ id: 'b', version: 2 })]]));
    expect(patched.pages[0]?.data[0]).toBe(list.pages[0]?.data[0]);
    expect(patched.pages[0]?.data[1]?.version).toBe(2);
  });

  it('of shows that are not listed leave the list as it is', () => {
    const list = pages(show({ id: 'a' }));
    expect(applyCountersToPages(list, new Map([['z', counters({ id: 'z' })]]))).toBe(list);
  });
});

describe('a response that is older than the last update', () => {
  it('brings its texts but not its counters', () => {
    const known = show({ version: 7, availableSlots: 1, title: 'Old title' });
    const read = show({ version: 6, availableSlots: 9, title: 'New title' });
    expect(keepNewerCounters(known, read)).toMatchObject({
      version: 7,
      availableSlots: 1,
      title: 'New title',
    });
  });

  it('is corrected show by show in a list', () => {
    const known = pages(show({ id: 'a', version: 7, availableSlots: 1 }));
    const read = pages(show({ id: 'a', version: 6 }), show({ id: 'b', version: 1 }));
    const kept = keepNewerCountersInPages(known, read);
    expect(kept.pages[0]?.data.map(({ version }) => version)).toEqual([7, 1]);
  });

  it('is taken whole when nothing was known', () => {
    const read = show({ version: 1 });
    expect(keepNewerCounters(undefined, read)).toBe(read);
  });
});

function counters(over: Partial<ShowCounters> = {}): ShowCounters {
  return {
    id: 'show-1',
    availableSlots: 10,
    heldSlots: 0,
    totalSlots: 10,
    nextReleaseAt: null,
    status: 'SCHEDULED',
    version: 1,
    ...over,
  };
}

function show(over: Partial<Show> = {}): Show {
  return {
    ...counters(),
    title: 'Concert',
    description: '',
    kind: 'EVENT',
    venue: null,
    origin: null,
    destination: null,
    practitioner: null,
    region: null,
    startsAt: '2030-01-01T19:00:00.000Z',
    endsAt: null,
    timeZone: 'Europe/Berlin',
    bookingOpensAt: null,
    bookingClosesAt: null,
    secondsToOpen: 0,
    cancelUntil: null,
    maxSlotsPerUser: null,
    holdSeconds: null,
    availability: 'OPEN',
    createdAt: '2029-01-01T00:00:00.000Z',
    updatedAt: '2029-01-01T00:00:00.000Z',
    ...over,
  };
}

function pages(...data: Show[]): Pages<Show> {
  return { pages: [{ data, page: { nextCursor: null, limit: 20 } }], pageParams: [undefined] };
}
