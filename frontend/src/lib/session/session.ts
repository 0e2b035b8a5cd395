import { ConnectionError, problemFrom } from '../api/problem';
import type { Session, User } from '../api/types';
import { now } from '../time/countdown';
import { clearSessionHint, mayHaveSession, setSessionHint } from './session-hint';

/**
 * Who is signed in here. The access token lives in this module's memory and nowhere else; the
 * refresh token is a cookie that scripts cannot read.
 */
interface Held {
  token: string;
  expiresAt: number;
  userId: string;
}

type Listener = (user: User | null) => void;

/** Refresh this long before the token expires, so that no request gets a 401. */
const REFRESH_AHEAD_SECONDS = 60;

let held: Held | null = null;
let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<Session | null> | null = null;
const listeners = new Set<Listener>();
const renewalListeners = new Set<(token: string) => void>();

/** Called when somebody else (or nobody) is signed in, not at every new token. */
export function onUserChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called with every further token of the same user. */
export function onTokenRenewal(listener: (token: string) => void): () => void {
  renewalListeners.add(listener);
  return () => renewalListeners.delete(listener);
}

export function startSession(session: Session): void {
  const before = held?.userId;
  held = {
    token: session.accessToken,
    expiresAt: now() + session.expiresIn,
    userId: session.user.id,
  };
  setSessionHint();
  clearTimeout(refreshTimer);
  const wait = Math.max(session.expiresIn - REFRESH_AHEAD_SECONDS, session.expiresIn / 2);
  // The next request that needs the token handles a failure.
  refreshTimer = setTimeout(() => void refreshSession().catch(() => null), wait * 1000);
  if (before !== session.user.id) listeners.forEach((listener) => listener(session.user));
  else renewalListeners.forEach((listener) => listener(session.accessToken));
}

export function endSession(): void {
  const had = held !== null;
  held = null;
  clearSessionHint();
  clearTimeout(refreshTimer);
  if (had) listeners.forEach((listener) => listener(null));
}

/** At page load: null for a visitor, without a request if this browser never had a session. */
export async function restoreSession(): Promise<Session | null> {
  return mayHaveSession() ? refreshSession() : null;
}

/** One refresh at a time, in this tab and across tabs: each use rotates the cookie they share. */
export function refreshSession(): Promise<Session | null> {
  running ??= exclusively(requestRefresh).finally(() => {
    running = null;
  });
  return running;
}

/** A token good for at least a few more seconds, or null for a visitor. */
export async function usableToken(): Promise<string | null> {
  if (!held) return null;
  if (held.expiresAt - now() > 10) return held.token;
  const session = await refreshSession();
  return session?.accessToken ?? null;
}

/** After a 401: the token that arrived meanwhile, or a refreshed one. */
export async function replaceToken(refused: string): Promise<string | null> {
  if (held && held.token !== refused) return held.token;
  const session = await refreshSession();
  return session?.accessToken ?? null;
}

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Locks exist in secure contexts only; otherwise the server's grace period covers parallel refreshes.
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('modex-session-refresh', work);
}

async function requestRefresh(): Promise<Session | null> {
  let response: Response;
  try {
    response = await fetch('/api/v1/auth/refresh', { method: 'POST', cache: 'no-store' });
  } catch (cause) {
    throw new ConnectionError('The session could not be refreshed', { cause });
  }
  if (response.status === 401) {
    endSession();
    return null;
  }
  if (!response.ok) throw problemFrom(response, await response.json().catch(() => null));
  const session = (await response.json()) as Session;
  startSession(session);
  return session;
}
