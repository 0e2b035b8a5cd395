import type { DataSource } from 'typeorm';

/** A show whose counters do not agree with its bookings, which must not happen. */
export interface Drift {
  showId: string;
  title: string;
  totalSlots: number;
  availableSlots: number;
  heldSlots: number;
  /** Sums over the show's bookings. */
  heldByBookings: number;
  confirmedByBookings: number;
}

export interface AuditReport {
  shows: number;
  drifts: Drift[];
}

/**
 * Checks for every show that `available + held + confirmed = total`, where held and confirmed are
 * the sums over its bookings, and that the held counter is that sum. One statement, hence one
 * snapshot: it may run during a sale.
 */
export async function auditShows(dataSource: DataSource): Promise<AuditReport> {
  const rows = await dataSource.query<Drift[]>(
    `SELECT shows.id AS "showId", shows.title, shows.total_slots AS "totalSlots",
            shows.available_slots AS "availableSlots", shows.held_slots AS "heldSlots",
            coalesce(sum(bookings.quantity) FILTER (WHERE bookings.status = 'PENDING'), 0)::int
              AS "heldByBookings",
            coalesce(sum(bookings.quantity) FILTER (WHERE bookings.status = 'CONFIRMED'), 0)::int
              AS "confirmedByBookings"
     FROM shows LEFT JOIN bookings ON bookings.show_id = shows.id
     GROUP BY shows.id`,
  );
  const drifts = rows.filter(
    (row) =>
      row.heldSlots !== row.heldByBookings ||
      row.availableSlots + row.heldByBookings + row.confirmedByBookings !== row.totalSlots,
  );
  return { shows: rows.length, drifts };
}
