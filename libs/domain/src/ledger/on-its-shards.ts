export interface ShardingSettings {
  /** The tables are distributed by show: a statement names its shows, and asks about no others. */
  readonly sharded: boolean;
  /** Look for an idempotency key on other shows too. Not possible when sharded. */
  readonly idempotencyAcrossShows: boolean;
}

/**
 * The condition, with its `AND`, that keeps a statement on the shards of the shows in `$1`; nothing
 * where the database is not sharded. There it would only mislead: beside a join over the same column
 * the planner takes it for a second filter that has nothing to do with the first, believes that the
 * show has next to no bookings, and reads all of a hot one for each that is asked for.
 *
 * @param column of the show's id
 */
export function onItsShards(column: string, { sharded }: ShardingSettings): string {
  return sharded ? `${column} = ANY($1) AND` : '';
}
