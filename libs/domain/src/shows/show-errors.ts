import { DomainError } from '../errors/domain-error.js';

export const showNotFound = () =>
  new DomainError('not-found', 'SHOW_NOT_FOUND', 'There is no such show.');

export const showChanged = (revision: number) =>
  new DomainError(
    'precondition-failed',
    'PRECONDITION_FAILED',
    'The show was edited in the meantime; read it again.',
    { revision },
  );

export const capacityBelowBooked = (bookedSlots: number) =>
  new DomainError(
    'conflict',
    'CAPACITY_BELOW_BOOKED',
    'The show cannot have fewer slots than are held and confirmed.',
    { bookedSlots },
  );

export const startInPast = (bookedSlots: number) =>
  new DomainError(
    'conflict',
    'START_IN_PAST',
    'A show with bookings cannot be moved into the past.',
    { bookedSlots },
  );

export const showHasBookings = () =>
  new DomainError(
    'conflict',
    'SHOW_HAS_BOOKINGS',
    'A show that was ever booked can be cancelled, but not deleted.',
  );
