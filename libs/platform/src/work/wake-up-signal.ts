/** Ends another task's wait early. A signal that nobody waits for is kept for the next wait. */
export class WakeUpSignal {
  private isRaised = false;
  private wake: () => void = () => {};

  raise(): void {
    this.isRaised = true;
    this.wake();
  }

  /** Resolves when the signal is raised, and at the latest after so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.isRaised) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isRaised = false;
  }
}
