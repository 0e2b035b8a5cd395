import type { Logger } from '@modex/platform';
import { createTransport } from 'nodemailer';
import type { PrivateFolder } from '../private-folder.js';
import { SendFailure } from '../send-failure.js';
import type { Mail, MailTransport } from './mail-transport.js';

/** Writes each mail to a file that mail programs open, for an installation without a mail server. */
export class FileTransport implements MailTransport {
  readonly atOnce = 4;
  private readonly composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
  });

  constructor(
    private readonly folder: PrivateFolder,
    private readonly logger: Logger,
  ) {}

  async send(mail: Mail): Promise<void> {
    const { message } = await this.composer.sendMail(mail);
    try {
      const file = await this.folder.write(fileName(mail), message as Buffer);
      this.logger.info({ file }, 'mail written');
    } catch (cause) {
      // A full disk, or a folder that is somebody else's, is not this mail's fault.
      throw new SendFailure((cause as Error).message, 'away', { cause });
    }
  }

  close(): void {}
}

/** The Message-ID begins with a UUIDv7, so that the files are listed in their order. */
function fileName({ messageId }: Mail): string {
  return `${messageId.slice(1).replace(/@.*$/, '')}.eml`;
}
