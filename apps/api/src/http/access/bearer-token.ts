/** Far above the length of an issued token. Characters. */
const MAX_LENGTH = 2_048;
/** RFC 6750. No two parts can match the same character, so matching takes linear time. */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/** The token of an `Authorization` header, or null. */
export function bearerToken(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.length > MAX_LENGTH) return null;
  return BEARER.exec(authorization)?.[1] ?? null;
}
