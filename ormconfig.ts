import 'reflect-metadata';
import { dataSourceOptions } from '@modex/domain';
import { DataSource } from 'typeorm';

const url = process.env['DATABASE_DIRECT_URL'] ?? process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is required');

/**
 * For the TypeORM CLI alone, which drafts and reverts; `npm run db:migrate` is a command of our own,
 * since it sets the role's time-outs too. Everything makes its DataSource from the same options.
 */
export default new DataSource(
  dataSourceOptions({ url, applicationName: 'typeorm cli', poolSize: 1, unhurried: true }),
);
