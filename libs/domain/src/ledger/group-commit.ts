import { LaneQueue, type Waiting } from './lane-queue.js';

export interface GroupCommitSettings {
  /** How many batches run in parallel. */
  readonly lanes: number;
  /** Most commands in a batch. */
  readonly maxBatch: number;
  /** Most different keys in a batch. */
  readonly maxKeysPerBatch: number;
  /** Most commands that wait for one key; urgent ones are counted apart from the others. */
  readonly maxQueuePerKey: number;
  /** Most commands that wait in one lane; urgent ones are counted apart from the others. */
  readonly maxQueuePerLane: number;
  /** Longest time a command waits for its batch. Milliseconds. */
  readonly maxWaitMs: number;
}

/** The outcome of one command of a batch. */
export type Settled<Result> =
  { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: unknown };

export interface GroupCommitWork<Command, Result> {
  /**
   * Runs a batch and returns one outcome per command, in their order. If it throws, every command gets
   * the error.
   */
  run(commands: readonly Command[]): Promise<readonly Settled<Result>[]>;
  /** The error of a command that was refused or timed out before it ran. */
  refusal(): Error;
  /** Called after every batch. */
  onBatch?(batch: BatchReport): void;
}

export interface BatchReport {
  /** How long each command waited for the batch to begin. Milliseconds. */
  readonly waitsMs: readonly number[];
  readonly tookMs: number;
}

/** The caller that waits for a command; an `AbortSignal` is one. */
export interface Caller {
  /** True if the caller has gone: the command is dropped unless it is running. */
  readonly aborted: boolean;
}

interface Entry<Command, Result> extends Waiting {
  readonly command: Command;
  readonly since: number;
  readonly caller: Caller | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface SubmitOptions {
  /** Commands of one key are always in the same lane, and run in order. */
  readonly key: string;
  readonly urgent: boolean;
  readonly caller?: Caller | undefined;
}

/**
 * Group commit: commands queue in lanes, and each lane runs one batch at a time with everything that
 * queued meanwhile. At low load a command is a batch of its own and starts at once; under load many
 * commands share the cost of a commit. Generic: it knows nothing of bookings.
 */
export class GroupCommit<Command, Result> {
  private readonly lanes: Lane<Command, Result>[];

  constructor(settings: GroupCommitSettings, work: GroupCommitWork<Command, Result>) {
    this.lanes = Array.from({ length: settings.lanes }, () => new Lane(settings, work));
  }

  /** @throws the refusal if the lane is full or the wait was too long, or the command's own error */
  submit(command: Command, options: SubmitOptions): Promise<Result> {
    const lane = this.lanes[laneOf(options.key, this.lanes.length)]!;
    return lane.submit(command, options);
  }

  /** How many commands wait in each lane. */
  depths(): number[] {
    return this.lanes.map((lane) => lane.depth);
  }

  /** Resolves when nothing waits and nothing runs any more. */
  async drain(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.drain()));
  }
}

class Lane<Command, Result> {
  private readonly queue = new LaneQueue<Entry<Command, Result>>();
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly settings: GroupCommitSettings,
    private readonly work: GroupCommitWork<Command, Result>,
  ) {}

  get depth(): number {
    return this.queue.size;
  }

  submit(command: Command, { key, urgent, caller }: SubmitOptions): Promise<Result> {
    const { maxQueuePerKey, maxQueuePerLane } = this.settings;
    const { queue } = this;
    if (
      queue.sizeOfPriority(urgent) >= maxQueuePerLane ||
      queue.sizeOfKey(key, urgent) >= maxQueuePerKey
    ) {
      return Promise.reject(this.work.refusal());
    }
    return new Promise((resolve, reject) => {
      queue.push({ key, urgent, command, since: performance.now(), caller, resolve, reject });
      this.running ??= this.runAll();
      this.watchDeadlines();
    });
  }

  async drain(): Promise<void> {
    while (this.running) await this.running;
  }

  private async runAll(): Promise<void> {
    const { maxBatch, maxKeysPerBatch } = this.settings;
    // What is submitted in the same iteration of the event loop makes one batch.
    await Promise.resolve();
    while (this.queue.size > 0) {
      const now = performance.now();
      const batch: Entry<Command, Result>[] = [];
      for (const entry of this.queue.take(maxBatch, maxKeysPerBatch)) {
        if (this.isOver(entry, now)) entry.reject(this.work.refusal());
        else batch.push(entry);
      }
      if (batch.length > 0) await this.runBatch(batch, now);
    }
    this.running = null;
  }

  private async runBatch(batch: Entry<Command, Result>[], begin: number): Promise<void> {
    try {
      const settled = await this.work.run(batch.map(({ command }) => command));
      settleInTurns(batch, (entry, i) => {
        const outcome = settled[i];
        if (outcome?.ok) entry.resolve(outcome.value);
        else entry.reject(outcome ? outcome.error : new Error('the batch lost a command'));
      });
    } catch (error) {
      settleInTurns(batch, (entry) => entry.reject(error));
    }
    this.work.onBatch?.({
      waitsMs: batch.map(({ since }) => begin - since),
      tookMs: performance.now() - begin,
    });
  }

  /** Rejects timed-out commands even while a batch hangs. */
  private watchDeadlines(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const now = performance.now();
      for (const entry of this.queue.remove((each) => this.isOver(each, now))) {
        entry.reject(this.work.refusal());
      }
      if (this.queue.size > 0) this.watchDeadlines();
    }, this.settings.maxWaitMs / 4).unref();
  }

  private isOver({ since, caller }: Entry<Command, Result>, now: number): boolean {
    return now - since >= this.settings.maxWaitMs || (caller?.aborted ?? false);
  }
}

/** Commands settled in one iteration of the event loop. */
const SETTLED_PER_ITERATION = 4;

/**
 * Settles a few commands in each iteration of the event loop. All at once, their callers' work would
 * delay the I/O of the next batch, which has started meanwhile.
 */
function settleInTurns<Item>(
  items: readonly Item[],
  answer: (item: Item, i: number) => void,
): void {
  let next = 0;
  const turn = () => {
    for (const end = next + SETTLED_PER_ITERATION; next < end && next < items.length; next++) {
      answer(items[next]!, next);
    }
    if (next < items.length) setImmediate(turn);
  };
  turn();
}

/** Which of so many lanes a key belongs to. */
export const laneOf = (key: string, lanes: number): number => hash(key) % lanes;

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
