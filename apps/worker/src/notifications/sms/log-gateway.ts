import type { Logger } from '@modex/platform';
import type { SmsGateway } from './sms-gateway.js';

/** Writes what would be sent to the log, for an installation without a gateway. */
export class LogGateway implements SmsGateway {
  constructor(private readonly logger: Logger) {}

  send(to: string, text: string): Promise<null> {
    this.logger.info({ to, text }, 'SMS written to the log');
    return Promise.resolve(null);
  }
}
