export interface ShardingSettings {
  /** The tables are distributed by show, so every statement names its shows. */
  readonly sharded: boolean;
  /** Search idempotency keys of other shows too. Not possible when sharded. */
  readonly idempotencyAcrossShows: boolean;
}

/**
 * The condition, with its `AND`, that routes a statement to the shards of the shows in `$1`; empty if
 * the database is not sharded. There, besides a join on the same column, the planner would count it
 * as an independent filter, underestimate the show's bookings, and scan all of them for each lookup.
 *
 * @param column of the show's id
 */
export function onItsShards(column: string, { sharded }: ShardingSettings): string {
  return sharded ? `${column} = ANY($1) AND` : '';
}
