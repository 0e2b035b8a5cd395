import { isSkipped, knowsZone } from '../../lib/time/local-input';
import type { ShowFormValues } from './show-form-values';
import { instantOf, instantsOfTimes, TIME_NAMES, type TimeName } from './show-times';

type Errors = Partial<Record<keyof ShowFormValues, string>>;

/** The longest that a show may last. */
const MOST_MS = 31 * 86_400_000;

/** Client-side validation; the server validates everything again. */
export function checkShow(values: ShowFormValues, opened: ShowFormValues): Errors {
  const errors: Errors = {};
  if (values.title.trim() === '') errors.title = 'Give the show a title';
  if (values.startsAt === '') errors.startsAt = 'Say when it starts';
  if (values.totalSlots === '') errors.totalSlots = 'Say how many slots there are';
  const changed = TIME_NAMES.filter((name) => instantOf(values, name) !== instantOf(opened, name));
  for (const name of TIME_NAMES) {
    if (values[name] === '' || instantOf(values, name) !== null) continue;
    errors[name] = isSkipped(values[name], values.timeZone)
      ? SKIPPED
      : 'Must be between the years 1900 and 2999';
  }
  if (changed.length > 0 && !knowsZone(values.timeZone)) {
    errors.timeZone = 'This browser does not know this zone: it cannot set times there';
  }
  // Older shows may violate newer rules; an edit reports only violations that it introduces.
  if (changed.length === 0) return errors;
  const before = violationsOf(opened);
  for (const [name, message] of Object.entries(violationsOf(values)) as [TimeName, string][]) {
    if (changed.includes(name) || before[name] !== message) errors[name] ??= message;
  }
  return errors;
}

export const SKIPPED = 'The clocks go forward over this time: it does not exist on that day';

/** The rules between the times, by the field to correct. Instants are compared, not local times. */
function violationsOf(values: ShowFormValues): Partial<Record<TimeName, string>> {
  const violations: Partial<Record<TimeName, string>> = {};
  const { startsAt, endsAt, bookingOpensAt, bookingClosesAt, cancelUntil } =
    instantsOfTimes(values);
  const after = (one: string | null, other: string | null) =>
    one !== null && other !== null && Date.parse(one) > Date.parse(other);
  if (startsAt === null) return violations;
  if (endsAt !== null && !after(endsAt, startsAt)) violations.endsAt = 'Must be after the start';
  else if (endsAt !== null && Date.parse(endsAt) - Date.parse(startsAt) > MOST_MS) {
    violations.endsAt = 'Must be at most 31 days after the start';
  }
  if (after(bookingClosesAt, endsAt ?? startsAt)) {
    violations.bookingClosesAt =
      endsAt === null ? 'Must not be after the start' : 'Must not be after the end';
  }
  if (after(cancelUntil, startsAt)) violations.cancelUntil = 'Must not be after the start';
  if (bookingOpensAt !== null && !after(bookingClosesAt ?? startsAt, bookingOpensAt)) {
    violations.bookingOpensAt = 'Must be before booking closes';
  }
  return violations;
}
