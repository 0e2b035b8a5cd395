import { Subject, type Observable } from 'rxjs';
import type { AvailabilityUpdate } from './availability-update.js';

/** The availability broadcasts of all processes, this one included, as this process receives them. */
export class AvailabilityUpdates {
  private readonly received = new Subject<AvailabilityUpdate>();
  private readonly interrupted = new Subject<void>();

  readonly updates: Observable<AvailabilityUpdate> = this.received.asObservable();
  /** This process has (re)subscribed to the backplane: earlier updates may be missing. */
  readonly interruptions: Observable<void> = this.interrupted.asObservable();

  receive(update: AvailabilityUpdate): void {
    this.received.next(update);
  }

  interrupt(): void {
    this.interrupted.next();
  }
}
