import { DomainError } from '@modex/domain';

export interface FieldError {
  path: string;
  message: string;
}

/** Most errors in one response. */
const MAX_ERRORS = 20;
/** Property names come from the client and may be as long as its body. Characters. */
const MAX_TEXT = 200;

export function validationFailed(all: readonly FieldError[]): DomainError {
  const errors = all
    .slice(0, MAX_ERRORS)
    .map(({ path, message }) => ({ path: shorten(path), message: shorten(message) }));
  const more = all.length - errors.length;
  const detail = `The request is not valid${more > 0 ? `; ${more} more errors are not listed` : ''}.`;
  return new DomainError('invalid', 'VALIDATION_FAILED', detail, { errors });
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
