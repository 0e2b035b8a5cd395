/**
 * Does several things at once. When one of them fails the others are told to end, and they have
 * ended when this rejects: nothing of them goes on while somebody clears up.
 *
 * @param {AbortSignal | undefined} stop ends all of them before their time
 * @param {(stop: AbortSignal) => Promise<unknown>[]} begin
 * @returns {Promise<void>} rejects with the first failure
 */
export async function together(stop, begin) {
  const failure = new AbortController();
  const begun = begin(AbortSignal.any([failure.signal, ...(stop ? [stop] : [])]));
  try {
    await Promise.all(begun);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(begun);
    throw error;
  }
}
