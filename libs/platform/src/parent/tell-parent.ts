/** Tells the process that started this one, if it has opened a channel for that. */
export function tellParent(message: { operatorsPort: number }): void {
  // The channel is closed behind it: it would keep this process alive.
  process.send?.(message, () => process.disconnect());
}
