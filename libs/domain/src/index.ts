// What the apps use of the domain. Everything else is internal.
export { AvailabilityBroadcast } from './availability/availability-broadcast.js';
export {
  AVAILABILITY_EVENT,
  type AvailabilityPublisher,
  type AvailabilityUpdate,
} from './availability/availability-update.js';
export { AvailabilityUpdates } from './availability/availability-updates.js';
export { MissedBroadcasts } from './availability/missed-broadcasts.js';
export { auditShows } from './bookings/audit.js';
export { bookingNotFound } from './bookings/booking-errors.js';
export { type BookingKey, decodeBookingId, encodeBookingId } from './bookings/booking-id.js';
export {
  BOOKING_STATUSES,
  type BookingStatus,
  CANCEL_REASONS,
  type CancelReason,
} from './bookings/booking-status.js';
export { type BookingView, viewBooking } from './bookings/booking-view.js';
export { Booking } from './bookings/booking.entity.js';
export {
  type BookingPageRequest,
  BookingsReader,
  type BookingWithShowAndUser,
} from './bookings/bookings.reader.js';
export { BookingsService } from './bookings/bookings.service.js';
export type { Actor, BookingResult } from './bookings/commands/booking-command.js';
export { HoldExpiry } from './bookings/hold-expiry.js';
export { prepareApplicationRoles } from './database/application-role.js';
export { assertMigrated, checkDatabase } from './database/check-database.js';
export { dataSourceOptions } from './database/data-source.js';
export { DatabaseClock } from './database/database-clock.js';
export {
  errorCode,
  failureOf,
  isDatabaseAway,
  isDataError,
  isTimeout,
  mayHaveCommitted,
} from './database/database-errors.js';
export { DatabaseNotReadyError } from './database/database-not-ready.js';
export { onDirectDatabase } from './database/direct-database.js';
export { assertCoordinator, distribute } from './database/distribute.js';
export { poolUse } from './database/pool-use.js';
export { ReadReplicas } from './database/read-replicas.js';
export type { ReplicaState } from './database/replica.js';
export { setRoleTimeouts } from './database/role-timeouts.js';
export { ensureSearchIndex } from './database/search-index.js';
export { assertWritable, WriteHealth } from './database/write-health.js';
export {
  DomainModule,
  type DomainSettings,
  LEDGER,
  REPLICA_SHOWS,
  SEARCH,
} from './domain.module.js';
export { DomainError, type DomainErrorKind } from './errors/domain-error.js';
export { outcomeUnknown, overloaded, unavailable } from './errors/service-errors.js';
export { newId } from './ids/new-id.js';
export { BookingEngine } from './ledger/booking-engine.js';
export type { Caller } from './ledger/group-commit.js';
export { Ledger } from './ledger/ledger.js';
export type { LedgerChange } from './ledger/ledger-change.js';
export { BookingAudience } from './notifications/booking-audience.js';
export {
  type NotificationBudgets,
  NotificationHistory,
  type ToldNotification,
} from './notifications/notification-history.js';
export {
  NotificationPlans,
  type PlannedEvent,
  type PlannedRecipient,
} from './notifications/notification-plans.js';
export {
  CLAIM_MS,
  type ClaimedNotifications,
  type NotificationOutcome,
  NotificationQueue,
  type PendingNotification,
} from './notifications/notification-queue.js';
export {
  type PendingNotifications,
  readPendingNotifications,
} from './notifications/notification-status.js';
export {
  Notification,
  NOTIFICATION_CHANNELS,
  NOTIFICATION_KINDS,
  NOTIFICATION_STATUSES,
  type NotificationChannel,
  type NotificationDetails,
  type NotificationKind,
  type NotificationStatus,
  type ToldState,
} from './notifications/notification.entity.js';
export {
  NotificationsReader,
  type NotificationWithUser,
} from './notifications/notifications.reader.js';
export type { DomainEvent, EventHandler } from './outbox/domain-event.js';
export { EventSequencer, readEventStreamLag } from './outbox/event-sequencer.js';
export {
  type ClaimedEvent,
  type EventOutcome,
  OUTBOX_CLAIMS,
  OutboxClaims,
  type SettledCounts,
} from './outbox/outbox-claims.js';
export { notificationOf, type EventType } from './outbox/domain-event-catalogue.js';
export { type OutboxStatus, readOutboxStatus } from './outbox/outbox-status.js';
export { pruneOutbox } from './outbox/prune-outbox.js';
export { redriveOutbox } from './outbox/redrive-outbox.js';
export {
  isLastAttempt,
  RETRY_RULES,
  type RetryRules,
  TransientError,
} from './outbox/retry-rules.js';
export { fillSearchTexts } from './shows/fill-search-texts.js';
export { searchPatterns, searchTextOf } from './shows/search-text.js';
export { showNotFound } from './shows/show-errors.js';
export type { ShowFields } from './shows/show-fields.js';
export { cancellableUntil, showEndsAt } from './shows/show-schedule.js';
export {
  AVAILABILITIES,
  type Availability,
  type ShowCounters,
  type ShowReading,
  type ShowView,
  viewChangesAt,
  viewCounters,
  viewShow,
} from './shows/show-view.js';
export {
  Show,
  SHOW_KINDS,
  SHOW_STATUSES,
  type ShowKind,
  type ShowStatus,
} from './shows/show.entity.js';
export { type ShowSearchQuery, ShowsSearch } from './shows/shows-search.js';
export { type ShowFilter, type ShowPosition, ShowsReader } from './shows/shows.reader.js';
export { ShowsService } from './shows/shows.service.js';
export { canonicalEmail } from './users/canonical-email.js';
export { fillCanonicalEmails } from './users/fill-canonical-emails.js';
export { pruneRefreshTokens } from './users/prune-refresh-tokens.js';
export { type IssuedToken, RefreshTokensService } from './users/refresh-tokens.service.js';
export { unknownUser } from './users/user-errors.js';
export { type Locale, LOCALES, User, USER_ROLES, type UserRole } from './users/user.entity.js';
export { type Preferences, UsersService } from './users/users.service.js';
