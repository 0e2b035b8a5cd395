import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { pendingMigrations } from './pending-migrations.js';

/** The database is missing, cannot be reached or lacks migrations; the message says what to do. */
export class DatabaseNotReadyError extends Error {}

/**
 * Looks before an application starts, so that what is wrong with the database is one sentence.
 * @throws DatabaseNotReadyError
 */
export async function checkDatabase(url: string, applicationName: string): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions({ url, applicationName, poolSize: 1 }));
  try {
    await dataSource.initialize();
    const pending = await pendingMigrations(dataSource);
    if (pending.length === 0) return;
    throw new DatabaseNotReadyError(
      `The database lacks ${pending.length} migration(s) (${pending.join(', ')}): run "npm run db:migrate" first.`,
    );
  } catch (error) {
    if (error instanceof DatabaseNotReadyError) throw error;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new DatabaseNotReadyError(`Cannot use the database that DATABASE_URL names: ${reason}`, {
      cause: error,
    });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
