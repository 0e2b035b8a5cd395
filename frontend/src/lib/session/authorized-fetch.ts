import { replaceToken, usableToken } from './session';

/** `fetch` with the access token; after a 401 once more with a refreshed one. */
export async function authorizedFetch(request: Request): Promise<Response> {
  // The auth routes use credentials and the cookie, so a refresh cannot mend their 401.
  if (new URL(request.url).pathname.startsWith('/api/v1/auth/')) return fetch(request);
  const token = await usableToken();
  if (!token) return fetch(request);
  const again = request.clone();
  const first = await fetch(withToken(request, token));
  if (first.status !== 401) return first;
  const next = await replaceToken(token);
  return next ? fetch(withToken(again, next)) : first;
}

function withToken(request: Request, token: string): Request {
  request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}
