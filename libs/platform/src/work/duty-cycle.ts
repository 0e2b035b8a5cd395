/** After so many in a row that go first, one of the others has its turn. */
const FIRST_IN_A_ROW = 3;

/**
 * Does one piece of work at a time and rests after each, so that all of it together takes at most a
 * share of a core, however much is asked for. What takes long because the cores are busy is followed
 * by a long rest.
 */
export class DutyCycle {
  private isBusy = false;
  private inARow = 0;
  private readonly first: (() => void)[] = [];
  private readonly usual: (() => void)[] = [];

  /** @param share of the time that is work: above 0, at most 1 */
  constructor(private readonly share: number) {}

  /** How many pieces of work have not begun: of those that go first, or of the others. */
  waiting(goesFirst: boolean): number {
    return this.lineOf(goesFirst).length;
  }

  /** @param goesFirst before those that do not, which have every fourth turn */
  async run<Result>(work: () => Promise<Result>, goesFirst = false): Promise<Result> {
    if (this.isBusy) await new Promise<void>((begin) => this.lineOf(goesFirst).push(begin));
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
    const begin = this.lineOf(goesFirst).shift();
    if (begin) begin();
    else this.isBusy = false;
  }

  private lineOf(goesFirst: boolean): (() => void)[] {
    return goesFirst ? this.first : this.usual;
  }
}
