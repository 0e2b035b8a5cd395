/** Every key of the query cache, in one place: requests read under them, sockets patch under them. */
export const queryKeys = {
  user: ['user'],
  shows: {
    all: ['shows'],
    lists: ['shows', 'list'],
    list: (filters: object) => ['shows', 'list', filters],
    detail: (showId: string) => ['shows', 'detail', showId],
  },
  bookings: {
    all: ['bookings'],
    lists: ['bookings', 'list'],
    list: (filters: object) => ['bookings', 'list', filters],
    detail: (bookingId: string) => ['bookings', 'detail', bookingId],
  },
  showBookings: {
    all: ['show-bookings'],
    ofShow: (showId: string) => ['show-bookings', showId],
    list: (showId: string, filters: object) => ['show-bookings', showId, filters],
  },
  preferences: ['preferences'],
  notifications: ['notifications'],
} as const;
