/**
 * A message could not be sent. For good, if the same message to the same recipient would be refused
 * again; otherwise the next attempt may succeed.
 */
export class SendFailure extends Error {
  constructor(
    message: string,
    readonly isPermanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SendFailure';
  }
}
