import { ProblemError } from './problem';

/** A problem's validation errors by field, as forms want them; empty for anything else. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  const errors = error.problem.errors ?? [];
  return Object.fromEntries(errors.map(({ path, message }) => [path, asSentence(path, message)]));
}

/** Whether all that was refused has a field in the form that shows it. */
export function isShownAtFields(error: unknown, values: object): boolean {
  const paths = Object.keys(fieldErrors(error));
  return paths.length > 0 && paths.every((path) => path in values);
}

/** "phone must be a number" stands below the field Phone as "Must be a number". */
function asSentence(path: string, message: string): string {
  const text = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
