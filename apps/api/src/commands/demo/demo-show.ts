import { readFileSync } from 'node:fs';
import type { ShowFields } from '@modex/domain';

/** The same path from `src` and from `dist`. */
const FILE = new URL('../../../assets/demo-shows.json', import.meta.url);

/** A demo show, dated relative to the day on which it is created. */
export interface DemoShow {
  title: string;
  description: string;
  kind: ShowFields['kind'];
  venue?: string;
  origin?: string;
  destination?: string;
  practitioner?: string;
  region: string;
  timeZone: string;
  /** Days from today. */
  inDays: number;
  /** Local time, `HH:MM`. */
  at: string;
  hours: number;
  slots: number;
  maxPerUser?: number;
  /** Slots that are confirmed already. */
  booked?: number;
}

export interface DemoShows {
  /** Its sale opens two minutes after every start. */
  opening: DemoShow;
  shows: DemoShow[];
}

/** The shows of an installation without data. All of them are invented. */
export function readDemoShows(): DemoShows {
  return JSON.parse(readFileSync(FILE, 'utf8')) as DemoShows;
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** @param now the day that `inDays` counts from */
export function demoShowFields(demo: DemoShow, now: Date): ShowFields {
  const day = new Date(now.getTime() + demo.inDays * MS_PER_DAY);
  const startsAt = instantAt(day, demo.at, demo.timeZone);
  return {
    title: demo.title,
    description: demo.description,
    kind: demo.kind,
    venue: demo.venue ?? null,
    origin: demo.origin ?? null,
    destination: demo.destination ?? null,
    practitioner: demo.practitioner ?? null,
    region: demo.region,
    startsAt,
    endsAt: new Date(startsAt.getTime() + demo.hours * MS_PER_HOUR),
    bookingOpensAt: null,
    bookingClosesAt: null,
    cancelUntil: null,
    timeZone: demo.timeZone,
    totalSlots: demo.slots,
    maxSlotsPerUser: demo.maxPerUser ?? null,
    holdSeconds: null,
  };
}

/** The instant at which clocks of a zone show `time` on the day that `day` is there. */
function instantAt(day: Date, time: string, timeZone: string): Date {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(day);
  const asUtc = new Date(`${date}T${time}:00Z`);
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(asUtc);
  const offset = new Date(`${shown.replace(' ', 'T')}Z`).getTime() - asUtc.getTime();
  return new Date(asUtc.getTime() - offset);
}
