import type { InfiniteData } from '@tanstack/react-query';
import type { ListPage } from '../api/types';

/** A keyset-paged list in the query cache. */
export type Pages<Item> = InfiniteData<ListPage<Item>>;

/** Maps every item and keeps each object that did not change, so that only what changed renders. */
export function mapItems<Item>(pages: Pages<Item>, change: (item: Item) => Item): Pages<Item> {
  let touched = false;
  const next = pages.pages.map((page) => {
    const data = page.data.map(change);
    if (data.every((item, index) => item === page.data[index])) return page;
    touched = true;
    return { ...page, data };
  });
  return touched ? { ...pages, pages: next } : pages;
}

export function itemsOf<Item>(pages: Pages<Item> | undefined): Item[] {
  return pages?.pages.flatMap((page) => page.data) ?? [];
}
