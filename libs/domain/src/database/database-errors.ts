/** SQLSTATE of a driver error, or Node's error code (`ECONNREFUSED`), or null. */
export function errorCode(error: unknown): string | null {
  for (const { code } of partsOf(error)) if (typeof code === 'string') return code;
  return null;
}

const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const CONNECTION_FAILURE = '08006';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/**
 * Class 08 (connection exception; PgBouncer's own messages too), the operator's interventions of
 * class 57, and sessions that a time-out of the server ended (25P03, 25P04).
 */
const SESSION_ENDED = /^(08...|57P0.|25P0[34])$/;
/** The server lets nobody in. */
const NO_ENTRY = /^(28...|3D000|42501|53300|55000|57P03)$/;
/** Node's words for a network that fails, and for one that TLS cannot be trusted over. */
const NETWORK =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ENOBUFS|EPROTO|ENOTFOUND|EAI_\w+|ERR_(SSL|TLS)_\w+|(CERT|CRL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_\w+|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH)$/;
/** System calls before there is a connection. */
const CONNECTING = ['connect', 'getaddrinfo'];
/**
 * The server is there and cannot do its work, whatever the work: no rights (28, 42501, also of its
 * own files), no such database, no room (53: disk, memory, connections), a read-only server
 * (25006), a disk that fails (58), damaged files (XX001, XX002).
 */
const UNABLE = /^(25006|28...|3D000|42501|53...|58...|XX00[12])$/;

/** The transaction was rolled back before this was sent. */
const ROLLED_BACK = 'ERROR';
/** The session has ended: a server may PANIC after it has written a COMMIT. */
const SESSION_LOST = ['FATAL', 'PANIC'];

/** What pg, its pool and TypeORM say in words only. */
const LOST_IN_WORDS =
  /connection terminated|connection timeout|timeout expired|client has encountered a connection error|not queryable|query read timeout|SSL connection|pool after calling end|driver not connected|^SASL: /i;
/** TypeORM gives a connection back as soon as it breaks; the next statement finds it gone. */
const RELEASED = /^QueryRunner(Provider)?AlreadyReleasedError$/;

export const isForeignKeyViolation = (error: unknown) => errorCode(error) === FOREIGN_KEY_VIOLATION;
export const isUniqueViolation = (error: unknown) => errorCode(error) === UNIQUE_VIOLATION;

/** Classes 22 and 23: something a command brought along cannot be stored. */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(errorCode(error) ?? '');
}

/** The transaction was rolled back to let another one through; run it again. */
export function isConflictToRetry(error: unknown): boolean {
  const code = errorCode(error);
  return code === DEADLOCK_DETECTED || code === SERIALIZATION_FAILURE;
}

/** The server gave a statement up, for a lock or for itself; nothing was done. */
export function isStatementTimeout(error: unknown): boolean {
  const code = errorCode(error);
  return code === LOCK_NOT_AVAILABLE || code === QUERY_CANCELED;
}

/** A connection of the pool, a lock or the statement took too long; nothing was done. */
export function isTimeout(error: unknown): boolean {
  return isStatementTimeout(error) || isPoolExhausted(error);
}

/**
 * The database cannot serve anybody: it cannot be reached, went away, or says that it is unable.
 * @see mayHaveCommitted for what it did before
 */
export function isDatabaseAway(error: unknown): boolean {
  return isConnectionLost(error) || isUnable(error);
}

/** The server went away, cannot be reached or lets nobody in. */
export function isConnectionLost(error: unknown): boolean {
  return partsOf(error).some(
    ({ code, severity, syscall, name, message }) =>
      SESSION_LOST.includes(String(severity)) ||
      CONNECTING.includes(String(syscall)) ||
      (typeof code === 'string'
        ? SESSION_ENDED.test(code) || NETWORK.test(code)
        : LOST_IN_WORDS.test(String(message)) || RELEASED.test(String(name))),
  );
}

/** The server answers, and says that it cannot do this now for anybody. */
export function isUnable(error: unknown): boolean {
  return partsOf(error).some(({ code }) => UNABLE.test(String(code)));
}

/**
 * Whether a COMMIT that failed like this may have been done. What is said of a session that goes on
 * was rolled back; a session that ended, by itself or with its server, tells nothing.
 */
export function mayHaveCommitted(error: unknown): boolean {
  if (isUnable(error) && severityOf(error) === ROLLED_BACK) return false;
  return isDatabaseAway(error) && !isRefusedAtConnect(error);
}

/** Nothing was sent: there was no connection. */
function isRefusedAtConnect(error: unknown): boolean {
  return partsOf(error).some(
    ({ code, severity, syscall }) =>
      CONNECTING.includes(String(syscall)) || (severity === 'FATAL' && NO_ENTRY.test(String(code))),
  );
}

/** In a word or two, for operators' counters. */
export function failureOf(error: unknown): string {
  if (isPoolExhausted(error)) return 'pool_exhausted';
  if (isTimeout(error)) return 'lock_timeout';
  if (isConflictToRetry(error)) return 'conflict';
  if (isUnable(error)) return 'unable';
  if (isConnectionLost(error)) return 'connection_lost';
  return isDataError(error) ? 'bad_data' : 'failed';
}

/**
 * The server is there and says so itself: a node of its cluster, which it needs for this, is away.
 * The other nodes serve on.
 */
export function isNodeLost(error: unknown): boolean {
  return errorCode(error) === CONNECTION_FAILURE && severityOf(error) === 'ERROR';
}

/** Only what the server has sent has one. */
function severityOf(error: unknown): unknown {
  return partsOf(error).find(({ severity }) => severity !== undefined)?.severity;
}

/** pg-pool says it in words only. */
function isPoolExhausted(error: unknown): boolean {
  return partsOf(error).some(({ message }) =>
    /timeout exceeded when trying to connect/i.test(String(message)),
  );
}

interface ErrorPart {
  code?: unknown;
  syscall?: unknown;
  severity?: unknown;
  name?: unknown;
  message?: unknown;
  driverError?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/**
 * The error and all that it was made of: the driver's error in TypeORM's, causes, and each attempt
 * where a name had several addresses (AggregateError).
 */
function partsOf(error: unknown): ErrorPart[] {
  const parts = new Set<ErrorPart>();
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || parts.has(each)) return;
    const { driverError, cause, errors } = each as ErrorPart;
    // Known before its parts, since they may lead back to it.
    parts.add(each);
    visit(driverError);
    visit(cause);
    if (Array.isArray(errors)) errors.forEach(visit);
  };
  visit(error);
  return [...parts];
}
