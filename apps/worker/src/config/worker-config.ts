import { ProcessConfig } from '@modex/platform';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, Max, Min } from 'class-validator';

/** Every variable of the worker. */
export class WorkerConfig extends ProcessConfig {
  @IsNotEmpty()
  HOST = '127.0.0.1';

  /** For `/health/live`, `/health/ready` and `/metrics`, on HOST. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  WORKER_PORT = 9465;
}
