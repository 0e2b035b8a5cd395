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
  // Asked at every connection, so that a reconnect after hours brings a token that still counts.
  // What is on screen goes along: without it the server would send everything at first.
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

/** Connects once it is known who is here, and keeps `queryClient` up to date from then on. */
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
    // Still active: the client tries again by itself. Otherwise the server refused this handshake.
    if (!socket.active) void reconnectAfterRefusal(code, ++refusals);
  });
  socket.on('showsUpdated', (update) => applyShowsUpdated(queryClient, update));
  socket.on('bookingUpdated', (booking) => applyBookingUpdated(queryClient, booking));
  socket.on('serverStopping', ({ reconnectWithinMs }) =>
    reconnectAtRandom(socket, reconnectWithinMs),
  );

  // A socket belongs to whoever opened it.
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
  // We may be deaf to what is on screen, so ask again as long as we are here.
  clearTimeout(sending);
  const waitMs = Math.max(1000, answer?.retryAfterMs ?? 0);
  sending = setTimeout(() => void sendWatchedShows(), waitMs);
}

/** The server stops telling of bookings when the token ends that it knows. */
async function authenticate(token: string): Promise<void> {
  // A new connection asks for the newest token by itself.
  if (!socket.connected) return;
  const answer = await socket
    .timeout(5000)
    .emitWithAck('authenticate', { token })
    .catch(() => null);
  if (!answer?.ok) socket.disconnect().connect();
}

async function reconnectAfterRefusal(code: string, refusals: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, backoffAfterRefusals(refusals)));
  // Without a session this ends it, and the next connection is a visitor's.
  if (code === 'UNAUTHORIZED') await refreshSession().catch(() => null);
  if (!socket.active) socket.connect();
}
