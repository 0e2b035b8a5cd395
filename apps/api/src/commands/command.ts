import 'reflect-metadata';
import { DatabaseNotReadyError, onDirectDatabase } from '@modex/domain';
import { failStart, loadConfig, ProcessConfig } from '@modex/platform';
import type { DataSource } from 'typeorm';

type Work = (dataSource: DataSource, config: ProcessConfig) => Promise<void>;

/** Runs a command line program against the database that the environment names, and ends. */
export function runCommand(
  work: Work,
  options: { needsMigrations: boolean } = { needsMigrations: true },
): void {
  run(work, options.needsMigrations).catch((error: unknown) =>
    failStart(error, [DatabaseNotReadyError]),
  );
}

async function run(work: Work, needsMigrations: boolean): Promise<void> {
  const config = loadConfig(ProcessConfig, process.env);
  const url = config.directDatabaseUrl;
  await onDirectDatabase({ url, poolSize: 4, needsMigrations }, (dataSource) =>
    work(dataSource, config),
  );
}
