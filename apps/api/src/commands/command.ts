import 'reflect-metadata';
import { assertMigrated, DatabaseNotReadyError, dataSourceOptions, errorCode } from '@modex/domain';
import { failStart, loadConfig, ProcessConfig, StartError } from '@modex/platform';
import { DataSource } from 'typeorm';

const PROTOCOL_VIOLATION = '08P01';

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
  const dataSource = new DataSource(
    // A migration or an audit of a large installation takes its time.
    dataSourceOptions({ url, applicationName, poolSize: 4, unhurried: true }),
  );
  await dataSource.initialize().catch((error: unknown) => {
    // A pooler refuses the start-up parameter by which a statement may take its time.
    const isPooler = errorCode(error) === PROTOCOL_VIOLATION;
    const hint = isPooler ? ' (DATABASE_DIRECT_URL has to name the server behind a pooler)' : '';
    throw new StartError(`Cannot use the database: ${(error as Error).message}${hint}`);
  });
  try {
    if (needsMigrations) await assertMigrated(dataSource);
    await work(dataSource, config);
  } finally {
    await dataSource.destroy();
  }
}
