/** SQLSTATE of a driver error, or Node's error code (`ECONNREFUSED`), or null. */
export function errorCode(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { driverError } = each as { driverError?: unknown };
    if (driverError instanceof Error && driverError !== each) {
      const inner = errorCode(driverError);
      if (inner) return inner;
    }
    const { code } = each as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return null;
}

const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const CONNECTION_FAILURE = '08006';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
const TOO_MANY_CONNECTIONS = '53300';
const SHUTDOWNS = ['57P01', '57P02', '57P03'];
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'];

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

/** A connection of the pool, a lock or the statement took too long; nothing was done. */
export function isTimeout(error: unknown): boolean {
  const code = errorCode(error);
  return code === LOCK_NOT_AVAILABLE || code === QUERY_CANCELED || isPoolExhausted(error);
}

/** The server went away or cannot be reached. pg says some of it in words only. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== null) {
    return (
      code.startsWith('08') ||
      code === TOO_MANY_CONNECTIONS ||
      SHUTDOWNS.includes(code) ||
      NETWORK.includes(code)
    );
  }
  return (
    error instanceof Error &&
    /connection terminated|connection timeout|client has encountered a connection error|not queryable/i.test(
      error.message,
    )
  );
}

/** In a word or two, for operators' counters. */
export function failureOf(error: unknown): string {
  if (isPoolExhausted(error)) return 'pool_exhausted';
  if (isTimeout(error)) return 'lock_timeout';
  if (isConflictToRetry(error)) return 'conflict';
  if (isConnectionLost(error)) return 'connection_lost';
  return isDataError(error) ? 'bad_data' : 'failed';
}

/**
 * The server is there and says so itself: a node of its cluster, which it needs for this, is away.
 * The other nodes serve on.
 */
export function isNodeLost(error: unknown): boolean {
  return errorCode(error) === CONNECTION_FAILURE && severity(error) === 'ERROR';
}

/** Only what the server has sent has one. */
function severity(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { severity: own, driverError } = each as { severity?: string; driverError?: unknown };
    if (own !== undefined) return own;
    if (driverError instanceof Error && driverError !== each) return severity(driverError);
  }
  return null;
}

/** pg-pool says it in words only. */
function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded when trying to connect/i.test(error.message);
}
