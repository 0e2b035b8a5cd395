export interface MailAddress {
  /** Empty if there is none. */
  name: string;
  address: string;
}

/** A composed mail, in nodemailer's terms as far as we use them. */
export interface Mail {
  from: MailAddress;
  to: MailAddress;
  subject: string;
  /** With the angle brackets. */
  messageId: string;
  date: Date;
  headers: Record<string, string>;
  text: string;
  html: string;
  icalEvent?: { method: string; filename: string; content: string };
  attachments: {
    filename: string;
    content: Buffer | string;
    contentType: string;
    contentDisposition: 'inline' | 'attachment';
    cid?: string;
  }[];
}

/** Takes mail to where people read it. */
export interface MailTransport {
  readonly atOnce: number;
  /** @throws SendFailure */
  send(mail: Mail): Promise<void>;
  close(): void;
}
