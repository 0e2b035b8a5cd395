/** Something that waits in a lane. */
export interface Waiting {
  readonly key: string;
  /** Goes before what is not urgent, whatever its key. */
  readonly urgent: boolean;
}

/**
 * After this many batches in a row without the usual key whose turn it is, the next batch takes usual
 * items first, so that urgent items cannot starve the others.
 */
export const MAX_PASSED_OVER = 8;

/**
 * The queue of one lane: FIFO within a key and a priority. Urgent items of all keys go before the
 * others. Within a priority keys are taken in turn, one item each, so that a flood on one key does
 * not delay the others.
 */
export class LaneQueue<Item extends Waiting> {
  private readonly urgent = new TurnQueue<Item>();
  private readonly usual = new TurnQueue<Item>();
  private passedOver = 0;

  get size(): number {
    return this.urgent.size + this.usual.size;
  }

  sizeOfPriority(urgent: boolean): number {
    return this.of(urgent).size;
  }

  sizeOfKey(key: string, urgent: boolean): number {
    return this.of(urgent).sizeOfKey(key);
  }

  push(item: Item): void {
    this.of(item.urgent).push(item);
  }

  /** Takes the next items, at most `most` of at most `mostKeys` keys; the urgent come first. */
  take(most: number, mostKeys: number): Item[] {
    const keys = new Set<string>();
    const next = this.usual.nextKey;
    if (this.passedOver >= MAX_PASSED_OVER) {
      this.passedOver = 0;
      const usual = this.usual.take(most, keys, mostKeys);
      return [...this.urgent.take(most - usual.length, keys, mostKeys), ...usual];
    }
    const urgent = this.urgent.take(most, keys, mostKeys);
    const usual = this.usual.take(most - urgent.length, keys, mostKeys);
    const isServed = next === undefined || usual.some(({ key }) => key === next);
    this.passedOver = isServed ? 0 : this.passedOver + 1;
    return [...urgent, ...usual];
  }

  /** Removes every item that passes the test. */
  remove(test: (item: Item) => boolean): Item[] {
    return [...this.urgent.remove(test), ...this.usual.remove(test)];
  }

  private of(urgent: boolean): TurnQueue<Item> {
    return urgent ? this.urgent : this.usual;
  }
}

/** Items of one priority. */
class TurnQueue<Item extends Waiting> {
  size = 0;
  /** In the order of their turns: a key that was served goes to the end. */
  private readonly keys = new Map<string, Item[]>();

  /** The key whose turn is next. */
  get nextKey(): string | undefined {
    return this.keys.keys().next().value;
  }

  sizeOfKey(key: string): number {
    return this.keys.get(key)?.length ?? 0;
  }

  push(item: Item): void {
    const queue = this.keys.get(item.key);
    if (queue) queue.push(item);
    else this.keys.set(item.key, [item]);
    this.size += 1;
  }

  /** @param chosen the keys of the batch so far, to which it adds its own up to `mostKeys` */
  take(most: number, chosen: Set<string>, mostKeys: number): Item[] {
    if (most <= 0 || this.size === 0) return [];
    const turns = this.turns(chosen, mostKeys);
    const taken = takeInTurn(
      turns.map(([, queue]) => queue),
      most,
    );
    this.size -= taken.length;
    const served = new Set(taken.map(({ key }) => key));
    for (const [key, queue] of turns) {
      // A key that got nothing keeps its place.
      if (!served.has(key)) continue;
      chosen.add(key);
      this.keys.delete(key);
      if (queue.length > 0) this.keys.set(key, queue);
    }
    return taken;
  }

  remove(test: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    for (const [key, queue] of this.keys) {
      const kept: Item[] = [];
      for (const item of queue) (test(item) ? removed : kept).push(item);
      if (kept.length > 0) this.keys.set(key, kept);
      else this.keys.delete(key);
    }
    this.size -= removed.length;
    return removed;
  }

  /** Keys that the batch has already, and as many of the next as it has room for. */
  private turns(chosen: ReadonlySet<string>, mostKeys: number): [string, Item[]][] {
    const turns: [string, Item[]][] = [];
    for (const key of chosen) {
      const queue = this.keys.get(key);
      if (queue) turns.push([key, queue]);
    }
    let room = mostKeys - chosen.size;
    for (const turn of this.keys) {
      if (room <= 0) break;
      if (chosen.has(turn[0])) continue;
      turns.push(turn);
      room -= 1;
    }
    return turns;
  }
}

/** One of each list, again and again, until there are `most` or all lists are empty. */
function takeInTurn<Item>(lists: Item[][], most: number): Item[] {
  const taken: Item[] = [];
  const counts = lists.map(() => 0);
  for (let round = 0, found = true; found && taken.length < most; round++) {
    found = false;
    for (const [i, list] of lists.entries()) {
      const item = list[round];
      if (item === undefined || taken.length >= most) continue;
      taken.push(item);
      counts[i] = round + 1;
      found = true;
    }
  }
  // Cut once instead of shifting each: a list may be long.
  for (const [i, list] of lists.entries()) list.splice(0, counts[i]);
  return taken;
}
