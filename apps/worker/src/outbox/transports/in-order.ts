import type { DomainEvent, EventHandler } from '@modex/domain';

interface Line {
  /** What everything that comes waits for. */
  everything: Promise<unknown>;
  /** The last piece of work about each subject since then. */
  subjects: Map<string, Promise<unknown>>;
  /** Pieces of work that have not ended. */
  open: number;
}

/**
 * Runs a handler in parallel as far as the order of events allows: each event after the earlier ones
 * of its aggregate, except those that the handler says concern something else.
 */
export class InOrder {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly handler: EventHandler) {}

  async run<Result>(event: DomainEvent, work: () => Promise<Result>): Promise<Result> {
    const { aggregateId } = event;
    const subject = this.handler.subjectOf?.(event) ?? null;
    const line = this.lines.get(aggregateId) ?? newLine();
    this.lines.set(aggregateId, line);
    line.open += 1;
    const turn = after(line, subject, work);
    try {
      return await turn;
    } finally {
      line.open -= 1;
      if (line.open === 0) this.lines.delete(aggregateId);
    }
  }
}

function newLine(): Line {
  return { everything: Promise.resolve(), subjects: new Map(), open: 0 };
}

/** @returns the work that has got its place in the line */
function after<Result>(
  line: Line,
  subject: string | null,
  work: () => Promise<Result>,
): Promise<Result> {
  if (subject !== null) {
    const turn = follow([line.subjects.get(subject) ?? line.everything], work);
    line.subjects.set(subject, turn);
    const forget = () => {
      if (line.subjects.get(subject) === turn) line.subjects.delete(subject);
    };
    // A show on sale is never without work, and its line would remember every booking.
    turn.then(forget, forget);
    return turn;
  }
  const turn = follow([line.everything, ...line.subjects.values()], work);
  line.everything = turn;
  line.subjects.clear();
  return turn;
}

async function follow<Result>(
  before: Promise<unknown>[],
  work: () => Promise<Result>,
): Promise<Result> {
  await Promise.allSettled(before);
  return work();
}
