import { DomainError } from '../errors/domain-error.js';

export const emailTaken = () =>
  new DomainError(
    'conflict',
    'EMAIL_TAKEN',
    'There is already an account with this e-mail address.',
  );
