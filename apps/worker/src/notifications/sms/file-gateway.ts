import { newId } from '@modex/domain';
import type { Logger } from '@modex/platform';
import type { PrivateFolder } from '../private-folder.js';
import { SendFailure } from '../send-failure.js';
import type { SmsGateway } from './sms-gateway.js';

/** Writes what would be sent to a file beside the mail, for an installation without a gateway. */
export class FileGateway implements SmsGateway {
  constructor(
    private readonly folder: PrivateFolder,
    private readonly logger: Logger,
  ) {}

  async send(to: string, text: string): Promise<null> {
    try {
      const file = await this.folder.write(`${newId()}.sms.txt`, `To: ${to}\n\n${text}\n`);
      this.logger.info({ file }, 'SMS written');
      return null;
    } catch (cause) {
      throw new SendFailure((cause as Error).message, 'away', { cause });
    }
  }
}
