import type { CreateShow, Show, ShowKind, UpdateShow } from '../../lib/api/types';
import {
  followingStart,
  instantsOfTimes,
  noTimes,
  timesOfShow,
  type TimeValues,
} from './show-times';

/** A show as the form edits it, '' for what is not set. */
export interface ShowFormValues extends TimeValues {
  title: string;
  description: string;
  kind: ShowKind;
  venue: string;
  origin: string;
  destination: string;
  practitioner: string;
  region: string;
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
    ...noTimes(timeZone),
    totalSlots: 100,
    maxSlotsPerUser: '',
    holdSeconds: '',
  };
}

export function valuesOfShow(show: Show): ShowFormValues {
  return {
    title: show.title,
    description: show.description,
    kind: show.kind,
    venue: show.venue ?? '',
    origin: show.origin ?? '',
    destination: show.destination ?? '',
    practitioner: show.practitioner ?? '',
    region: show.region ?? '',
    ...timesOfShow(show),
    totalSlots: show.totalSlots,
    maxSlotsPerUser: show.maxSlotsPerUser ?? '',
    holdSeconds: show.holdSeconds ?? '',
  };
}

type ShowFields = Omit<Required<UpdateShow>, 'startsAt'> & { startsAt: string | null };

function fieldsOf(values: ShowFormValues): ShowFields {
  const text = (value: string) => value.trim() || null;
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
    ...instantsOfTimes(values),
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

/**
 * Only what the server would not arrive at by itself: what the organiser changed, without the times
 * that move with the start anyway.
 */
export function toUpdateShow(before: ShowFormValues, after: ShowFormValues): UpdateShow {
  const [old, next] = [fieldsOf(before), fieldsOf(after)];
  const expected: ShowFields = {
    ...old,
    ...followingStart(old, next.startsAt),
    startsAt: old.startsAt,
  };
  const changed = Object.entries(next).filter(
    ([name, value]) => value !== expected[name as keyof ShowFields],
  );
  return Object.fromEntries(changed);
}
