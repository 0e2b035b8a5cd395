import 'reflect-metadata';
import { checkDatabase, DatabaseNotReadyError, dataSourceOptions } from '@modex/domain';
import { failStart, loadConfig, ProcessConfig, StartError } from '@modex/platform';
import { DataSource } from 'typeorm';

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
  const applicationName = 'modex command';
  if (needsMigrations) await checkDatabase(url, applicationName);
  const dataSource = new DataSource(
    // A migration or an audit of a large installation takes its time.
    dataSourceOptions({ url, applicationName, poolSize: 4, statementTimeoutMs: 0 }),
  );
  await dataSource.initialize().catch((error: unknown) => {
    throw new StartError(`Cannot use the database: ${(error as Error).message}`);
  });
  try {
    await work(dataSource, config);
  } finally {
    await dataSource.destroy();
  }
}
