import type { Problem } from './types';

/** The API refused: an RFC 9457 problem, with the members its code adds (`opensAt`, …). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem & Record<string, unknown>,
    /** Seconds the server asks to wait, from `Retry-After`. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.title);
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** No answer came back: the request may or may not have reached the server. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

export function hasCode(error: unknown, ...codes: string[]): error is ProblemError {
  return error instanceof ProblemError && codes.includes(error.code);
}

/** Whether a command may have succeeded although no response arrived. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  // A proxy's 502 or 504 leaves the outcome open, too.
  return (
    hasCode(error, 'OUTCOME_UNKNOWN') ||
    (error instanceof ProblemError && [502, 504].includes(error.status))
  );
}

export function problemFrom(response: Response, body: unknown): ProblemError {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  if (isProblem(body)) return new ProblemError(body, retryAfter);
  // A proxy's response is no problem document.
  return new ProblemError(
    {
      type: 'about:blank',
      title: response.statusText || 'Unexpected answer',
      status: response.status,
      code: `HTTP_${response.status}`,
      requestId: response.headers.get('x-request-id') ?? '',
    } as Problem & Record<string, unknown>,
    retryAfter,
  );
}

function isProblem(body: unknown): body is Problem & Record<string, unknown> {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}
