import { IsOptional } from 'class-validator';

/** The variable of the command that makes an organiser, beside those of every process. */
export class AdminConfig {
  /** Default: whoever runs the command is asked. */
  @IsOptional()
  MODEX_ADMIN_PASSWORD?: string;
}
