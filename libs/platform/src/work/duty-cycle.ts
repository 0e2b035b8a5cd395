/** After so many priority tasks in a row, one of the others runs. */
const FIRST_IN_A_ROW = 3;

/**
 * Runs one task at a time and pauses after each in proportion to its duration, so that all tasks
 * together use at most a share of a core. On busy cores tasks take longer, and so do the pauses.
 */
export class DutyCycle {
  private isBusy = false;
  private inARow = 0;
  private readonly first: (() => void)[] = [];
  private readonly usual: (() => void)[] = [];

  /** @param share of the time spent working: above 0, at most 1 */
  constructor(private readonly share: number) {}

  /** Tasks that have not begun: those that go first, or the others. */
  waiting(goesFirst: boolean): number {
    return this.queueOf(goesFirst).length;
  }

  /** @param goesFirst before the others, of which every fourth task is one */
  async run<Result>(work: () => Promise<Result>, goesFirst = false): Promise<Result> {
    if (this.isBusy) await new Promise<void>((begin) => this.queueOf(goesFirst).push(begin));
    this.isBusy = true;
    const began = performance.now();
    try {
      return await work();
    } finally {
      const rest = (performance.now() - began) * (1 / this.share - 1);
      setTimeout(() => this.next(), rest).unref();
    }
  }

  private next(): void {
    const isTurnOfOthers = this.inARow >= FIRST_IN_A_ROW && this.usual.length > 0;
    const goesFirst = this.first.length > 0 && !isTurnOfOthers;
    this.inARow = goesFirst ? this.inARow + 1 : 0;
    const begin = this.queueOf(goesFirst).shift();
    if (begin) begin();
    else this.isBusy = false;
  }

  private queueOf(goesFirst: boolean): (() => void)[] {
    return goesFirst ? this.first : this.usual;
  }
}
