import { DomainError } from '../errors/domain-error.js';

export const emailTaken = () =>
  new DomainError(
    'conflict',
    'EMAIL_TAKEN',
    'There is already an account with this e-mail address.',
  );

/** A token may outlive its account. */
export const unknownUser = () =>
  new DomainError('unauthenticated', 'UNAUTHORIZED', 'This account does not exist any more.');

export const smsNeedsPhone = () =>
  new DomainError('invalid', 'VALIDATION_FAILED', 'There is no phone number to send an SMS to.', {
    errors: [{ path: 'sms', message: 'sms needs a phone' }],
  });

export const badEmail = () =>
  new DomainError('invalid', 'VALIDATION_FAILED', 'This is not an e-mail address.', {
    errors: [{ path: 'email', message: 'email must be an e-mail address' }],
  });
