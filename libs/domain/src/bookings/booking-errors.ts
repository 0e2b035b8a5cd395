import { DomainError } from '../errors/domain-error.js';

export interface SoldOutDetails {
  availableSlots: number;
  heldSlots: number;
  /** When the first held slot may come back; null if none is held. */
  nextReleaseAt: Date | null;
}

export const bookingNotFound = () =>
  new DomainError('not-found', 'BOOKING_NOT_FOUND', 'There is no such booking.');

export const bookingCancelled = () =>
  new DomainError('conflict', 'BOOKING_CANCELLED', 'The booking is cancelled.');

export const holdExpired = () =>
  new DomainError('gone', 'HOLD_EXPIRED', 'The hold expired before it was confirmed.');

export const cancelClosed = (cancelUntil: Date) =>
  new DomainError(
    'conflict',
    'CANCEL_CLOSED',
    'The booking can no longer be cancelled or reduced.',
    {
      cancelUntil,
    },
  );

export const quantityNotBelow = (current: number) =>
  new DomainError('invalid', 'VALIDATION_FAILED', 'A booking can only be reduced.', {
    errors: [{ path: 'quantity', message: `quantity must not be above ${current}` }],
  });

export class SoldOutError extends DomainError {
  constructor(readonly show: SoldOutDetails) {
    super('conflict', 'SOLD_OUT', 'There are not enough free slots.', { ...show });
  }
}

export const limitPerUser = (limit: number, booked: number) =>
  new DomainError('conflict', 'LIMIT_PER_USER', `At most ${limit} slots per person.`, {
    maxSlotsPerUser: limit,
    bookedSlots: booked,
  });

/** @param held slots that the account holds, of this show or, if that is known, of all */
export const tooManyHeld = (held: number, limit: number) =>
  new DomainError(
    'conflict',
    'TOO_MANY_HELD',
    `At most ${limit} slots may be held at once. Confirm or cancel what is held first.`,
    { held, limit },
  );

export const reholdTooSoon = (retryAt: Date) =>
  new DomainError(
    'conflict',
    'REHOLD_TOO_SOON',
    'Slots of this show are short, and this account has just given some back. Try again later.',
    { retryAt },
  );

export const notOpenYet = (opensAt: Date, secondsToOpen: number) =>
  new DomainError('conflict', 'NOT_OPEN_YET', 'Selling has not opened yet.', {
    opensAt,
    secondsToOpen,
  });

export const showClosed = () =>
  new DomainError('conflict', 'SHOW_CLOSED', 'Selling for this show is closed.');

export const idempotencyKeyReused = () =>
  new DomainError(
    'key-reused',
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was used for another request.',
  );
