import type { DataSource } from 'typeorm';

/** Where people who look get their rows from. */
export interface ReadSource {
  /**
   * Runs the work with one server, so that all of its statements see the same one. The work only
   * reads: when its server goes away, it is run again on another.
   */
  read<T>(work: (source: DataSource) => Promise<T>): Promise<T>;
}

/** Always the primary. */
export function onPrimary(primary: DataSource): ReadSource {
  return { read: (work) => work(primary) };
}
