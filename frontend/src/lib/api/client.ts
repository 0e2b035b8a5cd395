import createClient from 'openapi-fetch';
import { authorizedFetch } from '../session/authorized-fetch';
import { recordServerTime } from '../time/server-clock';
import { ConnectionError, ProblemError, problemFrom } from './problem';
import type { paths } from './schema.gen';

/**
 * `no-store`: on a 304 the browser would hand us its stored body, whose `secondsToOpen` counted
 * from an earlier moment. Live counters come over the socket, so little is read twice anyway.
 */
export const api = createClient<paths>({ fetch: authorizedFetch, cache: 'no-store' });
api.use({ onResponse: ({ response }) => recordServerTime(response) });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Waits for a call of `api`; throws ProblemError or ConnectionError for everything but success. */
export async function answer<T>(
  call: Promise<Answer<T>>,
): Promise<{ data: T; response: Response }> {
  let settled: Answer<T>;
  try {
    settled = await call;
  } catch (cause) {
    if (cause instanceof ProblemError || isAbort(cause)) throw cause;
    throw new ConnectionError('The server could not be reached', { cause });
  }
  const { data, error, response } = settled;
  if (!response.ok) throw problemFrom(response, error);
  return { data: data as T, response };
}

/** As `answer`, for callers that need nothing but the body. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await answer(call)).data;
}

function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}
