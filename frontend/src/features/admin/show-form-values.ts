import type { CreateShow, Show, ShowKind, UpdateShow } from '../../lib/api/types';
import { fromLocalInput, toLocalInput } from '../../lib/time/local-input';

/** A show as the form edits it: times as wall clocks in the show's zone, '' for what is not set. */
export interface ShowFormValues {
  title: string;
  description: string;
  kind: ShowKind;
  venue: string;
  origin: string;
  destination: string;
  practitioner: string;
  region: string;
  timeZone: string;
  startsAt: string;
  endsAt: string;
  bookingOpensAt: string;
  bookingClosesAt: string;
  cancelUntil: string;
  totalSlots: number | '';
  maxSlotsPerUser: number | '';
  holdSeconds: number | '';
}

export function emptyShow(timeZone: string): ShowFormValues {
  return {
    title: '',
    description: '',
    kind: 'EVENT',
    venue: '',
    origin: '',
    destination: '',
    practitioner: '',
    region: '',
    timeZone,
    startsAt: '',
    endsAt: '',
    bookingOpensAt: '',
    bookingClosesAt: '',
    cancelUntil: '',
    totalSlots: 100,
    maxSlotsPerUser: '',
    holdSeconds: '',
  };
}

export function valuesOfShow(show: Show): ShowFormValues {
  const local = (iso: string | null) => toLocalInput(iso, show.timeZone);
  return {
    title: show.title,
    description: show.description,
    kind: show.kind,
    venue: show.venue ?? '',
    origin: show.origin ?? '',
    destination: show.destination ?? '',
    practitioner: show.practitioner ?? '',
    region: show.region ?? '',
    timeZone: show.timeZone,
    startsAt: local(show.startsAt),
    endsAt: local(show.endsAt),
    bookingOpensAt: local(show.bookingOpensAt),
    bookingClosesAt: local(show.bookingClosesAt),
    cancelUntil: local(show.cancelUntil),
    totalSlots: show.totalSlots,
    maxSlotsPerUser: show.maxSlotsPerUser ?? '',
    holdSeconds: show.holdSeconds ?? '',
  };
}

type ShowFields = Required<UpdateShow>;

function fieldsOf(values: ShowFormValues): ShowFields {
  const text = (value: string) => value.trim() || null;
  const time = (value: string) => fromLocalInput(value, values.timeZone);
  const number = (value: number | '') => (value === '' ? null : value);
  return {
    title: values.title.trim(),
    description: values.description.trim(),
    kind: values.kind,
    venue: text(values.venue),
    origin: text(values.origin),
    destination: text(values.destination),
    practitioner: text(values.practitioner),
    region: text(values.region),
    timeZone: values.timeZone,
    startsAt: time(values.startsAt) ?? '',
    endsAt: time(values.endsAt),
    bookingOpensAt: time(values.bookingOpensAt),
    bookingClosesAt: time(values.bookingClosesAt),
    cancelUntil: time(values.cancelUntil),
    totalSlots: number(values.totalSlots) ?? 0,
    maxSlotsPerUser: number(values.maxSlotsPerUser),
    holdSeconds: number(values.holdSeconds),
  };
}

/** What was left empty is left out. */
export function toCreateShow(values: ShowFormValues): CreateShow {
  const set = Object.entries(fieldsOf(values)).filter(([, value]) => value !== null);
  return Object.fromEntries(set) as unknown as CreateShow;
}

/** Only what the organiser touched: a time the form cannot show to the second stays as it was. */
export function toUpdateShow(before: ShowFormValues, after: ShowFormValues): UpdateShow {
  const [old, next] = [fieldsOf(before), fieldsOf(after)];
  const changed = Object.entries(next).filter(
    ([name, value]) => value !== old[name as keyof ShowFields],
  );
  return Object.fromEntries(changed);
}
