const KEY = 'modex-may-have-session';

/**
 * A hint that this browser had a session. Without it a visitor who never signed in sends no refresh
 * request, which could only be refused.
 */
export function mayHaveSession(): boolean {
  return withStorage((storage) => storage.getItem(KEY) !== null, true);
}

export function setSessionHint(): void {
  withStorage((storage) => storage.setItem(KEY, '1'), undefined);
}

export function clearSessionHint(): void {
  withStorage((storage) => storage.removeItem(KEY), undefined);
}

/** Storage may be unavailable; then the server is asked. */
function withStorage<T>(use: (storage: Storage) => T, otherwise: T): T {
  try {
    return use(localStorage);
  } catch {
    return otherwise;
  }
}
