import { IsOptional } from 'class-validator';
import { IsDatabaseUrl } from './service-url.js';
import { ProcessConfig } from './process-config.js';

/** The configuration of commands that change the schema, which need its owner. */
export class MigrationConfig extends ProcessConfig {
  /**
   * The primary itself, as the owner of the tables; the commands prepare the role of `DATABASE_URL`.
   *
   * @default `DATABASE_DIRECT_URL`
   */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_MIGRATION_URL?: string;

  get migrationUrl(): string {
    return this.DATABASE_MIGRATION_URL ?? this.directDatabaseUrl;
  }

  /** Of the roles that the processes use. */
  get applicationUrls(): string[] {
    return [this.DATABASE_URL, this.directDatabaseUrl];
  }
}
