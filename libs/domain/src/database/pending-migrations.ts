import type { DataSource } from 'typeorm';
import { MIGRATIONS } from './data-source.js';
import { errorCode } from './database-errors.js';

const UNDEFINED_TABLE = '42P01';

/**
 * Names of the migrations that this code needs and the database lacks. Migrations that only the
 * database knows belong to a newer release, which this one must be able to run beside.
 */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const needed = MIGRATIONS.map((migration) => migration.name);
  try {
    const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
    const done = new Set(rows.map((row) => row.name));
    return needed.filter((name) => !done.has(name));
  } catch (error) {
    if (errorCode(error) === UNDEFINED_TABLE) return needed;
    throw error;
  }
}
