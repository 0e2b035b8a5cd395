import 'reflect-metadata';
import { dataSourceOptions } from '@modex/domain';
import { loadConfig, MigrationConfig } from '@modex/platform';
import { DataSource } from 'typeorm';

const url = loadConfig(MigrationConfig, process.env).migrationUrl;

/**
 * For the TypeORM CLI alone, which drafts and reverts; `npm run db:migrate` is a command of our own,
 * since it sets the role's time-outs too. Everything makes its DataSource from the same options.
 */
export default new DataSource(
  dataSourceOptions({ url, applicationName: 'typeorm cli', poolSize: 1, unhurried: true }),
);
