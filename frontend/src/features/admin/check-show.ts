import { fromLocalInput } from '../../lib/time/local-input';
import type { ShowFormValues } from './show-form-values';

type Errors = Partial<Record<keyof ShowFormValues, string>>;

const times = ['startsAt', 'endsAt', 'bookingOpensAt', 'bookingClosesAt', 'cancelUntil'] as const;

/** What can be said without the server, which checks everything again. */
export function checkShow(values: ShowFormValues): Errors {
  const errors: Errors = {};
  if (values.title.trim() === '') errors.title = 'Give the show a title';
  if (values.startsAt === '') errors.startsAt = 'Say when it starts';
  if (values.totalSlots === '') errors.totalSlots = 'Say how many slots there are';
  for (const name of times) {
    if (values[name] !== '' && fromLocalInput(values[name], values.timeZone) === null) {
      errors[name] = 'The clocks go forward over this time: it does not exist on that day';
    }
  }
  // Wall clocks of one zone compare as text.
  if (values.endsAt !== '' && values.endsAt <= values.startsAt) {
    errors.endsAt ??= 'Must be after the start';
  }
  const closes = values.bookingClosesAt || values.startsAt;
  if (values.bookingOpensAt !== '' && closes !== '' && values.bookingOpensAt >= closes) {
    errors.bookingOpensAt ??= 'Must be before booking closes';
  }
  return errors;
}
