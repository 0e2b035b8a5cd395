import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { ShowsUpdated } from '../api/types';
import { queryKeys } from '../query-keys';
import { applyShowsUpdated } from './patch-cache';

describe('an availability update', () => {
  const list = queryKeys.shows.list({});
  const detail = queryKeys.shows.detail('show-1');
  const bookings = queryKeys.bookings.list({});
  let client: QueryClient;
  beforeEach(() => {
    jest.useFakeTimers();
    client = new QueryClient();
    client.setQueryData(list, { pages: [], pageParams: [] });
    client.setQueryData(detail, { id: 'show-1' });
    client.setQueryData(bookings, { pages: [], pageParams: [] });
  });
  afterEach(() => {
    client.clear();
    jest.useRealTimers();
  });

  const stale = () =>
    [list, detail, bookings].filter((key) => client.getQueryState(key)?.isInvalidated);

  it.each([
    ['lists changed: lists are read again', { listsChanged: true as const }, [list]],
    ['a show changed: it is, and lists', { changed: ['show-1'] }, [list, detail]],
    ['something was missed: everything is', { resync: true as const }, [list, detail, bookings]],
    ['what a later release may say: nothing is', { later: true }, []],
  ])('%s, not all at the same moment', (_, update, expected) => {
    applyShowsUpdated(client, update as ShowsUpdated);
    expect(stale()).toEqual([]);
    jest.advanceTimersByTime(5_000);
    expect(stale()).toEqual(expected);
  });
});
