import 'reflect-metadata';
import { DatabaseNotReadyError, onDirectDatabase } from '@modex/domain';
import { failStart, loadConfig, MigrationConfig } from '@modex/platform';
import type { DataSource } from 'typeorm';

type Work = (dataSource: DataSource, config: MigrationConfig) => Promise<void>;

interface CommandOptions {
  /** Whether the work needs every table; migrations do not. */
  needsMigrations: boolean;
  /** Whether it changes the schema, as the owner of the tables does. */
  asOwner: boolean;
}

/** Runs a command line program against the database that the environment names, and ends. */
export function runCommand(
  work: Work,
  options: CommandOptions = { needsMigrations: true, asOwner: false },
): void {
  run(work, options).catch((error: unknown) => failStart(error, [DatabaseNotReadyError]));
}

async function run(work: Work, { needsMigrations, asOwner }: CommandOptions): Promise<void> {
  const config = loadConfig(MigrationConfig, process.env);
  const url = asOwner ? config.migrationUrl : config.directDatabaseUrl;
  await onDirectDatabase({ url, poolSize: 4, needsMigrations }, (dataSource) =>
    work(dataSource, config),
  );
}
