import type { EventType } from './domain-event-catalogue.js';

/**
 * Something that happened to an aggregate (a show). Delivery is at least once; the events of one
 * aggregate come in the order of their versions.
 */
export interface DomainEvent {
  /** The same at every delivery: handlers deduplicate by it. */
  id: string;
  type: EventType;
  aggregateId: string;
  version: number;
  payload: Record<string, unknown>;
  /** ISO 8601 in UTC. */
  createdAt: string;
}

/** Handles events at least once and deduplicates them by id. */
export interface EventHandler {
  /** Names its queue, so it never changes. */
  readonly name: string;
  /** An event is handled when this resolves; when it rejects, the event is delivered again. */
  handle(event: DomainEvent): Promise<void>;
  /**
   * What an event concerns within its aggregate, such as one booking of a show. Events with different
   * keys are handled in parallel, and one of them may be redelivered after later ones of the others.
   * Null, or no such method: the event concerns the whole aggregate and is handled on its own.
   */
  orderingKeyOf?(event: DomainEvent): string | null;
}
