import type { DataSource } from 'typeorm';

/** Where reads that tolerate a little lag get their rows from. */
export interface ReadSource {
  /**
   * Runs all statements of the work on one server. The work only reads, so it runs again on another
   * server if the first fails.
   */
  read<T>(work: (source: DataSource) => Promise<T>): Promise<T>;
}

/** Always the primary. */
export function onPrimary(primary: DataSource): ReadSource {
  return { read: (work) => work(primary) };
}
