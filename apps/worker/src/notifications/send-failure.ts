/**
 * What may be done about it. `refused`: nothing, the same message to the same recipient would be
 * refused again. `later`: this recipient or this message may be taken at another attempt. `away`:
 * nothing is wrong with either, nobody can be reached now.
 */
export type SendFailureKind = 'refused' | 'later' | 'away';

interface SendFailureOptions extends ErrorOptions {
  /** What the other server said: it may name people and quote messages, so no log has it. */
  detail?: string;
}

/** A message could not be sent. */
export class SendFailure extends Error {
  /** For the record of the notification. */
  readonly detail: string;

  constructor(
    message: string,
    readonly kind: SendFailureKind,
    { detail = message, ...options }: SendFailureOptions = {},
  ) {
    super(message, options);
    this.name = 'SendFailure';
    this.detail = detail;
  }
}
