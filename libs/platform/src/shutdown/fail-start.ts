/** Something outside this program keeps it from starting; the message says what to do. */
export class StartError extends Error {}

/**
 * Ends a start that cannot work. What is the operator's to mend is one plain sentence on standard
 * error; anything else is our fault and shows where.
 * @param plain further errors whose message says all there is to say
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

/** What is wrong, where it is a port. */
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
