import type { DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import { storableText } from '../database/storable-text.js';
import type {
  Notification,
  NotificationChannel,
  NotificationStatus,
  ToldState,
} from './notification.entity.js';

/** How long a claim lasts. Far longer than an attempt takes. Milliseconds. */
export const CLAIM_MS = 120_000;
const MAX_ERROR_LENGTH = 500;
/** The lowest UUID: what comes before every show. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

export type PendingNotification = Pick<
  Notification,
  'id' | 'kind' | 'bookingId' | 'attempts' | 'details' | 'createdAt'
>;

/** All that waits for one user about one show over one channel, while one sender has it. */
export interface ClaimedNotifications {
  channel: NotificationChannel;
  userId: string;
  showId: string;
  /** Oldest first. */
  rows: [PendingNotification, ...PendingNotification[]];
  claimedAt: Date;
  /** Recognises the claim. */
  claimedUntil: Date;
}

/** What became of a claimed row. */
export interface NotificationOutcome {
  id: string;
  status: NotificationStatus;
  /** Whether this counts as an attempt. */
  attempted: boolean;
  /** Of a row that stays PENDING; absent: as it was. */
  nextAttemptAt?: Date;
  error?: string;
  sentAt?: Date;
  messageId?: string | null;
  recipient?: string;
  told?: ToldState;
}

interface Lead {
  user_id: string;
  show_id: string;
  recipient: string;
}

interface ClaimedRow extends Record<'user_id' | 'show_id', string> {
  id: string;
  kind: Notification['kind'];
  booking_id: string | null;
  attempts: number;
  details: Notification['details'];
  created_at: Date;
}

/**
 * Gives out notifications that are due, by lease, and records what became of them. Any number of
 * senders may claim at the same time: the UPDATE repeats the condition of the choice.
 */
export class NotificationQueue {
  /** The show after which the next claim of a channel begins, so that each show has its turn. */
  private readonly cursors = new Map<NotificationChannel, string>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims at most `limit` users' notifications, the same number of each show that has any due, and
   * of each recipient only one user's at a time.
   */
  async claim(channel: NotificationChannel, limit: number): Promise<ClaimedNotifications[]> {
    const now = await readClock(this.dataSource);
    const cursor = this.cursors.get(channel) ?? BEFORE_ALL;
    let leads = await this.due(channel, now, cursor, limit);
    if (leads.length === 0 && cursor !== BEFORE_ALL) {
      leads = await this.due(channel, now, BEFORE_ALL, limit);
    }
    if (leads.length === 0) return [];
    this.cursors.set(
      channel,
      leads
        .map((lead) => lead.show_id)
        .toSorted()
        .at(-1)!,
    );
    const chosen = onePerRecipient(leads).slice(0, limit);
    return this.take(channel, now, chosen);
  }

  /** A row that was sent is recorded as that, whoever has it now; the others while the claim holds. */
  async settle(claimedUntil: Date, outcomes: readonly NotificationOutcome[]): Promise<void> {
    const rows = outcomes.map((outcome) => ({
      id: outcome.id,
      status: outcome.status,
      attempted: outcome.attempted ? 1 : 0,
      next_attempt_at: outcome.nextAttemptAt ?? null,
      error: outcome.error === undefined ? null : storableText(outcome.error, MAX_ERROR_LENGTH),
      sent_at: outcome.sentAt ?? null,
      message_id: outcome.messageId ?? null,
      recipient: outcome.recipient ?? null,
      told: outcome.told ?? null,
    }));
    await this.dataSource.query(
      `UPDATE notifications AS n
       SET status = row.status, attempts = n.attempts + row.attempted, claimed_until = NULL,
         next_attempt_at = coalesce(row.next_attempt_at, n.next_attempt_at),
         error = CASE row.status WHEN 'PENDING' THEN coalesce(row.error, n.error) ELSE row.error END,
         sent_at = row.sent_at, message_id = row.message_id,
         recipient = coalesce(row.recipient, n.recipient), told = row.told
       FROM jsonb_to_recordset($1::jsonb) AS row
         (id uuid, status notification_status, attempted int, next_attempt_at timestamptz,
          error text, sent_at timestamptz, message_id text, recipient text, told jsonb)
       WHERE n.id = ANY($3) AND n.id = row.id
         AND (row.status = 'SENT' OR n.status = 'PENDING' AND n.claimed_until = $2)`,
      [JSON.stringify(rows), claimedUntil, rows.map(({ id }) => id)],
    );
  }

  /**
   * The first due rows of each of the next shows that have any: with one show `limit` of it, with
   * `limit` shows one of each.
   */
  private due(
    channel: NotificationChannel,
    now: Date,
    cursor: string,
    limit: number,
  ): Promise<Lead[]> {
    const isDue = `status = 'PENDING' AND channel = $1 AND next_attempt_at <= $2
      AND (claimed_until IS NULL OR claimed_until <= $2)`;
    const nextShow = (after: string) =>
      `(SELECT show_id FROM notifications WHERE ${isDue} AND show_id > ${after}
        ORDER BY show_id LIMIT 1)`;
    return this.dataSource.query<Lead[]>(
      `WITH RECURSIVE due_show AS (
         SELECT 1 AS place, ${nextShow('$3')} AS show_id
         UNION ALL
         SELECT place + 1, ${nextShow('due_show.show_id')} FROM due_show
         WHERE due_show.show_id IS NOT NULL AND place < $4::int)
       SELECT lead.user_id, lead.show_id, lead.recipient
       FROM due_show CROSS JOIN LATERAL (
         SELECT user_id, show_id, recipient,
           row_number() OVER (ORDER BY next_attempt_at, id) AS place
         FROM notifications
         WHERE ${isDue} AND show_id = due_show.show_id AND NOT EXISTS (
           SELECT FROM notifications busy
           WHERE busy.recipient = notifications.recipient AND busy.status = 'PENDING'
             AND busy.claimed_until > $2 AND busy.channel = $1)
         ORDER BY next_attempt_at, id
         LIMIT (SELECT ceil($4::float8 / greatest(count(show_id), 1)) FROM due_show)) AS lead
       ORDER BY lead.place, lead.show_id`,
      [channel, now, cursor, limit],
    );
  }

  private async take(
    channel: NotificationChannel,
    claimedAt: Date,
    leads: readonly Lead[],
  ): Promise<ClaimedNotifications[]> {
    const claimedUntil = new Date(claimedAt.getTime() + CLAIM_MS);
    const [rows] = await this.dataSource.query<[ClaimedRow[], number]>(
      `UPDATE notifications AS n SET claimed_until = $3
       FROM unnest($4::uuid[], $5::uuid[]) AS lead (user_id, show_id)
       WHERE n.user_id = lead.user_id AND n.show_id = lead.show_id AND n.status = 'PENDING'
         AND n.channel = $1 AND (n.claimed_until IS NULL OR n.claimed_until <= $2)
       RETURNING n.id, n.user_id, n.show_id, n.kind, n.booking_id, n.attempts, n.details,
         n.created_at`,
      [
        channel,
        claimedAt,
        claimedUntil,
        leads.map((lead) => lead.user_id),
        leads.map((lead) => lead.show_id),
      ],
    );
    const claims = new Map<string, ClaimedNotifications>();
    for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const { id, kind, booking_id: bookingId, attempts, details, created_at: createdAt } = row;
      const pending = { id, kind, bookingId, attempts, details, createdAt };
      const key = row.user_id + row.show_id;
      const claim = claims.get(key);
      if (claim) claim.rows.push(pending);
      else {
        const { user_id: userId, show_id: showId } = row;
        const about = { channel, userId, showId, claimedAt, claimedUntil };
        claims.set(key, { ...about, rows: [pending] });
      }
    }
    return [...claims.values()];
  }
}

function onePerRecipient(leads: readonly Lead[]): Lead[] {
  const seen = new Set<string>();
  return leads.filter(({ recipient }) => !seen.has(recipient) && seen.add(recipient));
}
