/** Where the rows of a table lie on Citus. */
export type TablePlace =
  /** Wholly on every node, so that joins and foreign keys to it stay where they are asked. */
  | 'every node'
  /** With its show: this column has the show's id, and is part of every unique key. */
  | { readonly byShow: string };

/** Unique indexes without the show's id, which only a database that is not distributed can have. */
export const LOCAL_INDEXES: readonly string[] = ['bookings_user_id_idempotency_key'];

/** The table whose shards the others that are distributed lie beside. */
export const ANCHOR = 'shows';

/**
 * The distributed layout: a place for every table there is. What is written in the ledger's
 * transaction lies by show, so that a transaction has one node; what belongs to users, and the few
 * rows that everybody needs, lie on every node. None is left out: a table without a place would not
 * be there for a process that is connected to a worker node.
 */
export const DISTRIBUTION: Readonly<Record<string, TablePlace>> = {
  users: 'every node',
  refresh_tokens: 'every node',
  notifications: 'every node',

  shows: { byShow: 'id' },
  bookings: { byShow: 'show_id' },
  outbox: { byShow: 'aggregate_id' },

  // One row, whose lock is everybody's turn, through whichever node they come.
  outbox_sequencer: 'every node',
  // Every process looks here, when it starts, for whether its release can run.
  migrations: 'every node',
  // Larger packets of the backplane; a listener reads them through a node of its own choice.
  socket_io_attachments: 'every node',
};
