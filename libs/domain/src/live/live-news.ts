import { Subject, type Observable } from 'rxjs';
import type { LiveUpdate } from './live-publisher.js';

/**
 * What this process hears of the committed changes of all processes, its own too, for whoever in it
 * keeps something of shows. At once, before the sockets' own pace.
 */
export class LiveNews {
  private readonly told = new Subject<LiveUpdate>();
  private readonly interrupted = new Subject<void>();

  readonly updates: Observable<LiveUpdate> = this.told.asObservable();
  /** This process was cut off, or only now began to listen: something may have been missed. */
  readonly interruptions: Observable<void> = this.interrupted.asObservable();

  tell(update: LiveUpdate): void {
    this.told.next(update);
  }

  interrupt(): void {
    this.interrupted.next();
  }
}
