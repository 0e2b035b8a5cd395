import { createBrowserRouter, type RouteObject } from 'react-router';
import { AppLayout } from './layout/app-layout';
import { PageSkeleton } from './layout/page-skeleton';
import { ErrorRoute } from './routes/error-route';
import { NotFoundRoute } from './routes/not-found-route';
import { ShowRoute } from './routes/show-route';
import { ShowsRoute } from './routes/shows-route';

/** The pages of every visitor are in the first bundle; the others are loaded lazily. */
const pages: RouteObject[] = [
  { index: true, Component: ShowsRoute },
  { path: 'shows/:showId', Component: ShowRoute },
  {
    path: 'bookings',
    lazy: async () => ({ Component: (await import('./routes/bookings-route')).BookingsRoute }),
  },
  {
    path: 'bookings/:bookingId',
    lazy: async () => ({ Component: (await import('./routes/booking-route')).BookingRoute }),
  },
  {
    path: 'preferences',
    lazy: async () => ({
      Component: (await import('./routes/preferences-route')).PreferencesRoute,
    }),
  },
  {
    path: 'admin/notifications',
    lazy: async () => ({
      Component: (await import('./routes/notifications-route')).NotificationsRoute,
    }),
  },
  {
    path: 'admin/shows/new',
    lazy: async () => ({ Component: (await import('./routes/new-show-route')).NewShowRoute }),
  },
  {
    path: 'admin/shows/:showId/edit',
    lazy: async () => ({ Component: (await import('./routes/edit-show-route')).EditShowRoute }),
  },
  {
    path: 'admin/shows/:showId/bookings',
    lazy: async () => ({
      Component: (await import('./routes/show-bookings-route')).ShowBookingsRoute,
    }),
  },
  { path: '*', Component: NotFoundRoute },
];

export const router = createBrowserRouter([
  {
    Component: AppLayout,
    HydrateFallback: PageSkeleton,
    ErrorBoundary: ErrorRoute,
    // An error on a page leaves the header with its navigation in place.
    children: [{ ErrorBoundary: ErrorRoute, children: pages }],
  },
]);
