import { TryLaterError, type DomainEvent, type EventHandler } from '@modex/domain';

/** A handler that takes longer has failed, since nobody would notice one that never ends. */
const LONGEST_MS = 10 * 60_000;

/** @throws what the handler throws, or that it took too long */
export async function handleEvent(handler: EventHandler, event: DomainEvent): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const error = new Error(`${handler.name} did not end within ${LONGEST_MS / 60_000} minutes`);
    // What keeps a handler so long is mostly somebody who does not answer.
    timer = setTimeout(() => reject(new TryLaterError(error)), LONGEST_MS);
  });
  try {
    await Promise.race([handler.handle(event), limit]);
  } finally {
    clearTimeout(timer);
  }
}
