import { TransientError, type DomainEvent, type EventHandler } from '@modex/domain';

/** A handler that takes longer has failed: it might never end. */
const LONGEST_MS = 10 * 60_000;

/** @throws what the handler throws, or that it took too long */
export async function handleEvent(handler: EventHandler, event: DomainEvent): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const error = new Error(`${handler.name} did not end within ${LONGEST_MS / 60_000} minutes`);
    // Mostly a dependency does not answer.
    timer = setTimeout(() => reject(new TransientError(error)), LONGEST_MS);
  });
  try {
    await Promise.race([handler.handle(event), limit]);
  } finally {
    clearTimeout(timer);
  }
}
