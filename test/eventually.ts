import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the assertion holds; its last failure is the test's. */
export async function eventually(
  assertion: () => void | Promise<void>,
  withinMs = 5_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
