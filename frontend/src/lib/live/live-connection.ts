import type { QueryClient } from '@tanstack/react-query';
import { io, type Socket } from 'socket.io-client';
import { onTokenRenewal, onUserChange, refreshSession, usableToken } from '../session/session';
import { userQuery } from '../session/user-query';
import type { ClientEvents, ServerEvents } from './live-events';
import { setLiveStatus } from './live-status';
import { applyBookingUpdated, applyShowsUpdated, refetchAfterReconnect } from './patch-cache';
import { reconnectAtRandom } from './reconnect-at-random';
import { backoffAfterRefusals } from './refusal-backoff';
import { WatchedShows } from './watched-shows';

const socket: Socket<ServerEvents, ClientEvents> = io({
  path: '/socket.io',
  autoConnect: false,
  // Long polling would need a load balancer that keeps a client on one instance.
  transports: ['websocket'],
  reconnectionDelay: 500,
  reconnectionDelayMax: 10_000,
  // Evaluated at every connection, so that a late reconnect sends a valid token.
  // Sends the watched shows along; otherwise the server sends all updates at first.
  auth: (send) => {
    void usableToken()
      .catch(() => null)
      .then((token) => send({ ...(token && { token }), watch: watchedShows.ids() }));
  },
});

let sending: ReturnType<typeof setTimeout> | undefined;

export const watchedShows = new WatchedShows(() => {
  // A page change removes one set of shows and adds the next: one message for both.
  clearTimeout(sending);
  sending = setTimeout(() => void sendWatchedShows(), 50);
});

/** Connects once the session is restored, and updates `queryClient` from then on. */
export function startLive(queryClient: QueryClient): void {
  let wasConnected = false;
  let refusals = 0;

  socket.on('connect', () => {
    refusals = 0;
    setLiveStatus('live');
    void sendWatchedShows();
    if (wasConnected) refetchAfterReconnect(queryClient);
    wasConnected = true;
  });
  socket.on('disconnect', () => setLiveStatus('connecting'));
  socket.on('connect_error', ({ message: code }) => {
    setLiveStatus('offline');
    // While active, the client reconnects itself. Otherwise the server refused the handshake.
    if (!socket.active) void reconnectAfterRefusal(code, ++refusals);
  });
  socket.on('showsUpdated', (update) => applyShowsUpdated(queryClient, update));
  socket.on('bookingUpdated', (booking) => applyBookingUpdated(queryClient, booking));
  socket.on('serverStopping', ({ reconnectWithinMs }) =>
    reconnectAtRandom(socket, reconnectWithinMs),
  );

  // A socket keeps the identity of its handshake.
  onUserChange(() => {
    if (wasConnected) socket.disconnect().connect();
  });
  onTokenRenewal((token) => void authenticate(token));
  void queryClient
    .ensureQueryData(userQuery)
    .catch(() => null)
    .finally(() => socket.connect());
}

async function sendWatchedShows(): Promise<void> {
  if (!socket.connected) return;
  const answer = await socket
    .timeout(5000)
    .emitWithAck('watchShows', { ids: watchedShows.ids() })
    .catch(() => null);
  if (answer?.ok) return;
  // Updates of the shows on screen may be missing until the server has acknowledged: retry.
  clearTimeout(sending);
  const waitMs = Math.max(1000, answer?.retryAfterMs ?? 0);
  sending = setTimeout(() => void sendWatchedShows(), waitMs);
}

/** The server stops sending `bookingUpdated` when the socket's token expires. */
async function authenticate(token: string): Promise<void> {
  // A new connection sends the newest token itself.
  if (!socket.connected) return;
  const answer = await socket
    .timeout(5000)
    .emitWithAck('authenticate', { token })
    .catch(() => null);
  if (!answer?.ok) socket.disconnect().connect();
}

async function reconnectAfterRefusal(code: string, refusals: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, backoffAfterRefusals(refusals)));
  // If the refresh fails too, the session ends and the next connection is anonymous.
  if (code === 'UNAUTHORIZED') await refreshSession().catch(() => null);
  if (!socket.active) socket.connect();
}
