import type { Acknowledgement, ClientToServerEvents } from './live-events.js';
import type { LiveSocket } from './live-server.js';
import { TokenBucket } from './token-bucket.js';
import { MAX_WATCHED } from './watched-rooms.js';

/** The budget of each socket. A user turns a page every few seconds; the burst covers the start. */
const MESSAGES = { perSecond: 1, burst: 20 };
const IDS = { perSecond: 50, burst: 1_000 };

export type RequestHandlers = Readonly<
  Record<
    keyof ClientToServerEvents,
    (request: Record<string, unknown>) => Acknowledgement | Promise<Acknowledgement>
  >
>;

/** Answers the requests of a socket. A client may send anything, with or without an acknowledgement. */
export function serveRequests(
  socket: LiveSocket,
  handlers: RequestHandlers,
  onError: (error: unknown, event: string) => void,
): void {
  const messages = new TokenBucket(MESSAGES.perSecond, MESSAGES.burst);
  const ids = new TokenBucket(IDS.perSecond, IDS.burst);

  const answer = (event: string, request: Record<string, unknown>) => {
    if (!messages.take()) return rateLimited(messages.waitMs());
    if (!Object.hasOwn(handlers, event)) return UNKNOWN_EVENT;
    const named = Math.min(Array.isArray(request['ids']) ? request['ids'].length : 0, MAX_WATCHED);
    if (!ids.take(named)) return rateLimited(ids.waitMs(named));
    return handlers[event as keyof ClientToServerEvents](request);
  };

  // Without `next` no listener is called: this answers every event, unknown ones too.
  socket.use(([event, ...args]: unknown[]) => {
    const acknowledge = args.find((each) => typeof each === 'function') ?? (() => {});
    const [first] = args;
    const request = typeof first === 'object' && first !== null ? first : {};
    Promise.resolve(answer(String(event), request as Record<string, unknown>))
      .then((acknowledgement) => acknowledge(acknowledgement) as unknown)
      .catch((error: unknown) => onError(error, String(event)));
  });
}

const UNKNOWN_EVENT: Acknowledgement = {
  ok: false,
  code: 'UNKNOWN_EVENT',
  detail: 'There is no such event',
};

function rateLimited(retryAfterMs: number): Acknowledgement {
  const detail = `${MESSAGES.perSecond} message and ${IDS.perSecond} show ids a second, with bursts of ${MESSAGES.burst} and ${IDS.burst}; nothing was changed`;
  return { ok: false, code: 'RATE_LIMITED', detail, retryAfterMs };
}
