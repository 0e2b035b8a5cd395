/** A failure that its message explains fully: it is shown without a stack trace. */
export class StartError extends Error {}

/**
 * @param {unknown} error
 * @returns {string | undefined} such as `ENOENT`
 */
export function errorCode(error) {
  // Jest runs code in a context of its own, where Node's errors are no instances of its Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return String(error.code);
}

/**
 * @param {unknown} error
 * @returns {string} what the user should read about it
 */
export function describe(error) {
  if (error instanceof StartError) return error.message;
  if (errorCode(error) === 'EACCES') {
    return `${error instanceof Error ? error.message : error}\nThe file belongs to another user: start as that user, or set MODEX_DATA_DIR to a folder of your own.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
