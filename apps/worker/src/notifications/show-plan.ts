import { cancellableUntil, type Show } from '@modex/domain';

/** The fields of a show that people with a booking plan by. */
const FIELDS = [
  'title',
  'startsAt',
  'endsAt',
  'cancelUntil',
  'timeZone',
  'venue',
  'origin',
  'destination',
  'practitioner',
] as const;
const TIMES: readonly string[] = ['startsAt', 'endsAt', 'cancelUntil'];

export type ShowPlan = Pick<Show, (typeof FIELDS)[number]>;
type StoredPlan = Record<string, string | null>;

/** As JSON keeps it. */
export function storedPlan(show: ShowPlan): StoredPlan {
  return Object.fromEntries(
    FIELDS.map((field) => {
      const value = show[field];
      return [field, value instanceof Date ? value.toISOString() : value];
    }),
  );
}

/** The fields of a plan among those of an event or of what was told. */
export function planFrom(stored: Readonly<Record<string, unknown>>): Partial<ShowPlan> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = stored[field];
      if (value === undefined) return [];
      return [[field, value !== null && TIMES.includes(field) ? new Date(value as string) : value]];
    }),
  );
}

/** What of a plan is no longer so, without a deadline that is past either way. */
export function changedFrom(known: Partial<ShowPlan>, show: Show, now: Date): Partial<ShowPlan> {
  const before = { ...show, ...known };
  const deadlineCounts = cancellableUntil(show) > now || cancellableUntil(before) > now;
  return Object.fromEntries(
    Object.entries(known).filter(([field, value]) => {
      if (field === 'cancelUntil' && !deadlineCounts) return false;
      return value?.valueOf() !== show[field as keyof ShowPlan]?.valueOf();
    }),
  );
}
