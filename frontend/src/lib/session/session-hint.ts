const KEY = 'modex-may-have-session';

/**
 * Not the session, only the memory that there was one: it saves every visitor who never signed in
 * a refresh that can only be refused, in the very minute when thousands of them arrive.
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

/** Storage may be switched off or full; then we ask the server instead. */
function withStorage<T>(use: (storage: Storage) => T, otherwise: T): T {
  try {
    return use(localStorage);
  } catch {
    return otherwise;
  }
}
