import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Show = Schemas['Show'];
export type ShowPage = Schemas['ShowPage'];
export type CreateShow = Schemas['CreateShow'];
export type UpdateShow = Schemas['UpdateShow'];
export type ShowCounters = Schemas['ShowCounters'];
export type ShowsUpdated = Schemas['ShowsUpdated'];
export type ServerStopping = Schemas['ServerStopping'];
export type ShowKind = Show['kind'];
export type Availability = Show['availability'];
export type Booking = Schemas['Booking'];
export type BookingWithUser = Schemas['BookingWithUser'];
export type BookingStatus = Booking['status'];
export type CreateBooking = Schemas['CreateBooking'];
export type Customer = Schemas['Customer'];
export type User = Schemas['User'];
export type Session = Schemas['Session'];
export type Register = Schemas['Register'];
export type Login = Schemas['Login'];
export type Locale = Schemas['Locale'];
export type Preferences = Schemas['Preferences'];
export type ChangePreferences = Schemas['ChangePreferences'];
export type Notification = Schemas['Notification'];
export type Problem = Schemas['Problem'];

/** One page of a keyset-paged list. */
export interface ListPage<Item> {
  data: Item[];
  page: Schemas['Page'];
}

/**
 * What was read, with the moment (this page's monotonic clock, in seconds) it arrived. The server's
 * `secondsTo…` fields count down from there, whatever the wall clock of this machine says.
 */
export type Received<T> = T & { receivedAt: number };

/** `etag` is what a later edit sends back as `If-Match`. */
export type ShowDetail = Received<Show> & { etag: string | null };
