/** What went wrong, in terms any border (HTTP, queue, command line) can translate. */
export type DomainErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'precondition-failed'
  | 'key-reused'
  | 'rate-limited'
  | 'unavailable';

/**
 * A refusal that the caller may read and act upon. `code` is stable and part of the public
 * contract; `details` become members of the error the caller sees, so they hold nothing secret.
 */
export class DomainError extends Error {
  constructor(
    readonly kind: DomainErrorKind,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DomainError';
  }
}
