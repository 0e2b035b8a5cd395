/** An operator's error that prevents the start; the message names the remedy. */
export class StartError extends Error {}

/**
 * Ends a failed start. An operator's error is one sentence on standard error; any other error is a
 * defect and printed with its stack.
 * @param plain further errors of operators
 */
export function failStart(
  error: unknown,
  plain: readonly (new (message: string) => Error)[],
): never {
  const isPlain = [StartError, ...plain].some((type) => error instanceof type);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = isPlain ? message : stack;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** A readable error for a port that cannot be used. */
export function explainListenError(error: unknown, variable: string, port: number): unknown {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} is taken by another program; set ${variable} to a free one.`,
    );
  }
  if (code === 'EACCES') return new StartError(`This user may not listen on port ${port}.`);
  return error;
}
