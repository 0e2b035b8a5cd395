import { DatabaseNotReadyError } from './database-not-ready.js';

/** Where Citus stores the rows of a table. */
export type TablePlace =
  /** A reference table: every node has all rows, so that joins and foreign keys to it stay local. */
  | 'every node'
  /** Distributed by this column, which has the show's id and is part of every unique key. */
  | { readonly byShow: string };

/** Unique indexes without the show's id, which a distributed database cannot have. */
export const LOCAL_INDEXES: readonly string[] = ['bookings_user_id_idempotency_key'];

/** The table with which the other distributed tables are colocated. */
export const ANCHOR = 'shows';

/**
 * The distributed layout of every table. Tables that the ledger's transaction writes are distributed
 * by show, so that a transaction uses one node. Tables of users and small shared tables are reference
 * tables. A table without a place would not exist for a process connected to a worker node.
 */
export const DISTRIBUTION: Readonly<Record<string, TablePlace>> = {
  users: 'every node',
  refresh_tokens: 'every node',
  notifications: 'every node',

  shows: { byShow: 'id' },
  bookings: { byShow: 'show_id' },
  outbox: { byShow: 'aggregate_id' },

  // One row, whose lock serialises all relays, on every node.
  outbox_sequencer: 'every node',
  // Every process reads it when it starts.
  migrations: 'every node',
  // Larger packets of the backplane; a listener reads them through a node of its own choice.
  socket_io_attachments: 'every node',
};

/** @throws DatabaseNotReadyError naming the tables that have no place in the layout */
export function assertTablesPlaced(tables: readonly string[]): void {
  const missing = tables.filter((table) => !(table in DISTRIBUTION));
  if (missing.length === 0) return;
  throw new DatabaseNotReadyError(
    `No place for the table ${missing.join(', ')}: add it to DISTRIBUTION in ` +
      'libs/domain/src/database/distribution.ts, by show or on every node.',
  );
}
