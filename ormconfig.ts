import 'reflect-metadata';
import { dataSourceOptions } from '@modex/domain';
import { DataSource } from 'typeorm';

const url = process.env['DATABASE_DIRECT_URL'] ?? process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is required');

/** For the TypeORM CLI alone; everything else makes its DataSource from the same options. */
export default new DataSource(
  dataSourceOptions({ url, applicationName: 'typeorm cli', poolSize: 1, statementTimeoutMs: 0 }),
);
