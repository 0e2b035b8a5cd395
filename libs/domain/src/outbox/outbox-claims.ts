import type { DataSource, EntityManager } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import { storableText } from '../database/storable-text.js';
import { newId } from '../ids/new-id.js';
import type { TraceParent } from '../tracing/tracing.js';
import type { DomainEvent } from './domain-event.js';
import { isLastAttempt, RETRY_RULES, type RetryRules } from './retry-rules.js';

/** The lowest UUID, before every aggregate. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const LONGEST_ERROR = 1_000;

export interface OutboxClaimsSettings extends RetryRules {
  /** How long a claim lasts unless it is settled or extended. Milliseconds. */
  leaseMs: number;
}

export const OUTBOX_CLAIMS: OutboxClaimsSettings = { leaseMs: 8_000, ...RETRY_RULES };

/** An event that only this process may publish until the claim expires. */
export interface ClaimedEvent {
  event: DomainEvent;
  /** The trace of the request that caused it, if traces are recorded. */
  traceParent: TraceParent | null;
  claimId: string;
  /** Failed attempts so far. */
  attempts: number;
}

/** What became of a claimed event. `released`: it was not tried. */
export type EventOutcome = { claimed: ClaimedEvent } & (
  { kind: 'published' } | { kind: 'failed'; error: unknown } | { kind: 'released' }
);

/** How many outcomes were recorded; those of expired claims are not. */
export interface SettledCounts {
  published: number;
  failed: number;
  /** Of the failed, those that were dead-lettered. */
  deadLettered: number;
}

interface Row {
  aggregate_id: string;
  id: string;
  version: number;
  type: DomainEvent['type'];
  payload: Record<string, unknown>;
  trace_parent: string | null;
  created_at: Date;
  attempts: number;
}

/**
 * Leases unpublished events to relays and records the outcomes. A claim takes the oldest unpublished
 * events of an aggregate without a gap, and only one claim at a time has events of an aggregate, so
 * any number of relays publishes them in the order of their versions. Claims are made under the
 * sequencer's lock, one transaction at a time.
 */
export class OutboxClaims {
  /** The aggregate after which the next claim begins (round robin). */
  private cursor = BEFORE_ALL;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: OutboxClaimsSettings = OUTBOX_CLAIMS,
  ) {}

  get leaseMs(): number {
    return this.settings.leaseMs;
  }

  /** At most `limit` events, those of an aggregate together and in the order of their versions. */
  async claim(limit: number): Promise<ClaimedEvent[]> {
    const claimId = newId();
    const rows = await this.dataSource.transaction(async (manager) => {
      const clock = await lockSequencer(manager);
      const claim = (range: string, count: number) =>
        claimRows(manager, {
          claimId,
          clock,
          until: new Date(clock.getTime() + this.settings.leaseMs),
          range,
          cursor: this.cursor,
          count,
        });
      const after = await claim('>', limit);
      // The other aggregates after the cursor are all in this claim or in another.
      const rest = limit - after.length;
      return rest > 0 ? [...after, ...(await claim('<=', rest))] : after;
    });
    this.cursor = rows.at(-1)?.aggregate_id ?? BEFORE_ALL;
    return rows.map((row) => ({
      event: {
        id: row.id,
        type: row.type,
        aggregateId: row.aggregate_id,
        version: row.version,
        payload: row.payload,
        createdAt: row.created_at.toISOString(),
      },
      traceParent: row.trace_parent,
      claimId,
      attempts: row.attempts,
    }));
  }

  /** Extends those claims that have not expired, and resolves to their ids. */
  extend(claimIds: readonly string[]): Promise<string[]> {
    return this.dataSource.transaction(async (manager) => {
      const clock = await lockSequencer(manager);
      const [rows] = await manager.query<[{ claimed_by: string }[], number]>(
        `UPDATE outbox SET claimed_until = $3
         WHERE published_at IS NULL AND claimed_until > $2 AND claimed_by = ANY($1)
         RETURNING claimed_by`,
        [claimIds, clock, new Date(clock.getTime() + this.settings.leaseMs)],
      );
      return [...new Set(rows.map((row) => row.claimed_by))];
    });
  }

  /** Records outcomes, except those of expired claims, whose events another relay may have claimed. */
  settle(outcomes: readonly EventOutcome[]): Promise<SettledCounts> {
    return this.dataSource.transaction(async (manager) => {
      const clock = await lockSequencer(manager);
      const published = outcomes.filter(({ kind }) => kind === 'published');
      const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
      const released = outcomes.filter(({ kind }) => kind === 'released');
      const [publishedCount, failedCount, deadLettered] = await Promise.all([
        write(manager, clock, 'published_at = $2', published, () => ({})),
        write(
          manager,
          clock,
          'attempts = row.attempts, last_error = row.error, next_attempt_at = row.next_attempt_at',
          failed.filter((outcome) => !this.isLast(outcome)),
          ({ claimed, error }) => ({
            ...describeFailure(claimed, error),
            next_attempt_at: this.nextAttempt(claimed, clock),
          }),
        ),
        write(
          manager,
          clock,
          `attempts = row.attempts, last_error = row.error, dead_lettered_at = $2, set_aside_at = $2`,
          failed.filter((outcome) => this.isLast(outcome)),
          ({ claimed, error }) => describeFailure(claimed, error),
        ),
        write(manager, clock, '', released, () => ({})),
      ]);
      return { published: publishedCount, failed: failedCount + deadLettered, deadLettered };
    });
  }

  private isLast({ claimed, error }: { claimed: ClaimedEvent; error: unknown }): boolean {
    return isLastAttempt(claimed.attempts + 1, error, this.settings);
  }

  private nextAttempt({ attempts }: ClaimedEvent, clock: Date): Date {
    return new Date(clock.getTime() + this.settings.retryDelayMs(attempts + 1));
  }
}

function describeFailure({ attempts }: ClaimedEvent, error: unknown): object {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return { attempts: attempts + 1, error: storableText(text, LONGEST_ERROR) };
}

/** Resolves to the clock after the lock was taken. */
async function lockSequencer(manager: EntityManager): Promise<Date> {
  const [, clock] = await Promise.all([
    manager.query('SELECT position FROM outbox_sequencer WHERE id = 1 FOR UPDATE'),
    readClock(manager),
  ]);
  return clock;
}

interface ClaimRows {
  claimId: string;
  clock: Date;
  until: Date;
  /** Compares the aggregate's id with the cursor. */
  range: string;
  cursor: string;
  count: number;
}

/**
 * Aggregates with a claimed event, or with one that waits for its retry, are excluded: that event is
 * always the oldest unpublished one. SELECT and UPDATE are two statements, which is safe under the
 * sequencer's lock: as one, with stale statistics, PostgreSQL ran the selection once per row.
 */
async function claimRows(manager: EntityManager, claim: ClaimRows): Promise<Row[]> {
  const keys = await manager.query<{ aggregate_id: string; id: string }[]>(
    `SELECT aggregate_id, id FROM outbox
     WHERE published_at IS NULL AND dead_lettered_at IS NULL AND set_aside_at IS NULL
       AND (claimed_until IS NULL OR claimed_until <= $1)
       AND (next_attempt_at IS NULL OR next_attempt_at <= $1)
       AND aggregate_id ${claim.range} $2 AND aggregate_id NOT IN (
         SELECT aggregate_id FROM outbox
         WHERE published_at IS NULL AND dead_lettered_at IS NULL AND set_aside_at IS NULL
           AND (claimed_until IS NOT NULL OR next_attempt_at IS NOT NULL)
           AND (claimed_until > $1 OR next_attempt_at > $1))
     ORDER BY aggregate_id, version LIMIT $3`,
    [claim.clock, claim.cursor, claim.count],
  );
  if (keys.length === 0) return [];
  const [rows] = await manager.query<[Row[], number]>(
    `UPDATE outbox SET claimed_by = $1, claimed_until = $2
     FROM jsonb_to_recordset($4::jsonb) AS key (aggregate_id uuid, id uuid)
     WHERE outbox.aggregate_id = ANY($5) AND outbox.aggregate_id = key.aggregate_id
       AND outbox.id = key.id AND (claimed_until IS NULL OR claimed_until <= $3)
     RETURNING outbox.aggregate_id, outbox.id, version, type, payload, trace_parent, created_at,
       attempts`,
    [claim.claimId, claim.until, claim.clock, JSON.stringify(keys), aggregatesOf(keys)],
  );
  return rows.toSorted(
    (a, b) =>
      (a.aggregate_id < b.aggregate_id ? -1 : +(a.aggregate_id > b.aggregate_id)) ||
      a.version - b.version,
  );
}

function aggregatesOf(rows: readonly { aggregate_id: string }[]): string[] {
  return [...new Set(rows.map((row) => row.aggregate_id))];
}

/** Ends claims that have not expired. Resolves to the number of rows. */
async function write<Outcome extends EventOutcome>(
  manager: EntityManager,
  clock: Date,
  assignments: string,
  outcomes: readonly Outcome[],
  values: (outcome: Outcome) => object,
): Promise<number> {
  if (outcomes.length === 0) return 0;
  const rows = outcomes.map((outcome) => ({
    aggregate_id: outcome.claimed.event.aggregateId,
    id: outcome.claimed.event.id,
    claim_id: outcome.claimed.claimId,
    ...values(outcome),
  }));
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE outbox SET claimed_by = NULL, claimed_until = NULL${assignments && `, ${assignments}`}
     FROM jsonb_to_recordset($3::jsonb) AS row
       (aggregate_id uuid, id uuid, claim_id uuid, attempts int, error text,
        next_attempt_at timestamptz)
     WHERE outbox.aggregate_id = ANY($1) AND outbox.aggregate_id = row.aggregate_id
       AND outbox.id = row.id AND outbox.claimed_by = row.claim_id AND outbox.claimed_until > $2`,
    [aggregatesOf(rows), clock, JSON.stringify(rows)],
  );
  return count;
}
