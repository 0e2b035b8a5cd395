/** Something that waits in a lane. */
export interface Waiting {
  readonly key: string;
  /** Goes before what is not urgent. */
  readonly urgent: boolean;
}

interface KeyQueue<Item> {
  urgent: Item[];
  usual: Item[];
}

/**
 * What waits in one lane: first come, first served within a key and a priority. Keys are taken in
 * turn, one item each, so that a flood on one key does not keep its neighbours waiting.
 */
export class LaneQueue<Item extends Waiting> {
  /** In the order of their turns: a key that was served goes to the end. */
  private readonly keys = new Map<string, KeyQueue<Item>>();
  private readonly lengths = { urgent: 0, usual: 0 };

  get size(): number {
    return this.lengths.urgent + this.lengths.usual;
  }

  sizeOfPriority(urgent: boolean): number {
    return this.lengths[urgent ? 'urgent' : 'usual'];
  }

  sizeOfKey(key: string, urgent: boolean): number {
    return this.keys.get(key)?.[urgent ? 'urgent' : 'usual'].length ?? 0;
  }

  push(item: Item): void {
    const queue = this.keys.get(item.key) ?? { urgent: [], usual: [] };
    this.keys.set(item.key, queue);
    const priority = item.urgent ? 'urgent' : 'usual';
    queue[priority].push(item);
    this.lengths[priority] += 1;
  }

  /** Takes the next items, at most `most` of at most `mostKeys` keys. */
  take(most: number, mostKeys: number): Item[] {
    const turns = [...this.keys].slice(0, mostKeys);
    const taken: Item[] = [];
    for (const priority of ['urgent', 'usual'] as const) {
      const before = taken.length;
      takeInTurn(
        turns.map(([, queue]) => queue[priority]),
        most,
        taken,
      );
      this.lengths[priority] -= taken.length - before;
    }
    for (const [key, queue] of turns) {
      this.keys.delete(key);
      if (queue.urgent.length + queue.usual.length > 0) this.keys.set(key, queue);
    }
    return taken;
  }

  /** Takes out every item that the test says, wherever it stands. */
  remove(test: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    for (const [key, queue] of this.keys) {
      for (const priority of ['urgent', 'usual'] as const) {
        const kept: Item[] = [];
        for (const item of queue[priority]) (test(item) ? removed : kept).push(item);
        this.lengths[priority] -= queue[priority].length - kept.length;
        queue[priority] = kept;
      }
      if (queue.urgent.length + queue.usual.length === 0) this.keys.delete(key);
    }
    return removed;
  }
}

/** One of each list, again and again, until `into` has `most` or all lists are empty. */
function takeInTurn<Item>(lists: Item[][], most: number, into: Item[]): void {
  const counts = lists.map(() => 0);
  for (let round = 0, found = true; found && into.length < most; round++) {
    found = false;
    for (const [i, list] of lists.entries()) {
      const item = list[round];
      if (item === undefined || into.length >= most) continue;
      into.push(item);
      counts[i] = round + 1;
      found = true;
    }
  }
  // Cut once instead of shifting each: a list may be long.
  for (const [i, list] of lists.entries()) list.splice(0, counts[i]);
}
