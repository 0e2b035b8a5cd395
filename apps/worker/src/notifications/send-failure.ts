/**
 * What may be done about it. `refused`: nothing, the same message to the same recipient would be
 * refused again. `later`: this recipient or this message may be taken at another attempt. `away`:
 * nothing is wrong with either, nobody can be reached now.
 */
export type SendFailureKind = 'refused' | 'later' | 'away';

/** A message could not be sent. */
export class SendFailure extends Error {
  constructor(
    message: string,
    readonly kind: SendFailureKind,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SendFailure';
  }
}
