import { IsOptional } from 'class-validator';

/** The variable of the command that makes an organiser, beside those of every process. */
export class AdminConfig {
  /**
   * The password of the account that the command makes or promotes.
   *
   * @default the command asks for it
   */
  @IsOptional()
  MODEX_ADMIN_PASSWORD?: string;
}
