import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { errorCode } from './database-errors.js';
import { DatabaseNotReadyError } from './database-not-ready.js';
import { assertMigrated } from './check-database.js';

const PROTOCOL_VIOLATION = '08P01';

export interface DirectDatabase {
  /** Of the primary itself, without a pooler between. */
  url: string;
  poolSize: number;
  /** Whether the work needs every table; migrations do not. */
  needsMigrations: boolean;
}

/**
 * Does the work of a command line program, which takes the time it takes.
 * @throws DatabaseNotReadyError if the database cannot be used
 */
export async function onDirectDatabase<Result>(
  { url, poolSize, needsMigrations }: DirectDatabase,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = new DataSource(
    dataSourceOptions({ url, applicationName: 'modex command', poolSize, unhurried: true }),
  );
  await dataSource.initialize().catch((error: unknown) => {
    // A pooler refuses the start-up parameter by which a statement may take its time.
    const isPooler = errorCode(error) === PROTOCOL_VIOLATION;
    const hint = isPooler ? ' (DATABASE_DIRECT_URL has to name the server behind a pooler)' : '';
    throw new DatabaseNotReadyError(`Cannot use the database: ${(error as Error).message}${hint}`);
  });
  try {
    if (needsMigrations) await assertMigrated(dataSource);
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
