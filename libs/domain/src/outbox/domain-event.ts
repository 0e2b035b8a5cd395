import type { EventType } from './outbox-event.entity.js';

/**
 * A fact as it is told to others: at least once, and the facts of one aggregate (a show) in the
 * order of their versions.
 */
export interface DomainEvent {
  /** The same at every repetition: what a handler tells repetitions by. */
  id: string;
  type: EventType;
  aggregateId: string;
  version: number;
  payload: Record<string, unknown>;
  /** ISO 8601 in UTC. */
  createdAt: string;
}

/** Does something about facts. Repetitions are its own to notice, by the fact's id. */
export interface EventHandler {
  /** Names its queue, so it never changes. */
  readonly name: string;
  /** The fact counts as handled when this resolves; if it rejects, the fact comes again. */
  handle(event: DomainEvent): Promise<void>;
  /**
   * What a fact is about within its aggregate, such as one booking of a show: facts about different
   * subjects may be handled side by side, and the handler takes it that one of them comes again
   * after later ones of the others. Null, or no such method: it is about the whole aggregate, comes
   * after everything before it, and everything after it waits.
   */
  subjectOf?(event: DomainEvent): string | null;
}
