import { ProblemError } from './problem';

/** A problem's validation errors by field, as forms want them; empty for anything else. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  const entries = (error.problem.errors ?? []).map(({ path, message }) => [path, message] as const);
  return Object.fromEntries(entries);
}
