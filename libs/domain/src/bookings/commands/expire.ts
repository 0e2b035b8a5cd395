import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import { MAX_RELEASED_PER_SHOW, type ReadRequests } from '../../ledger/read-set.js';
import type { LedgerCommand } from '../../ledger/ledger-command.js';

export interface ExpireResult {
  /** False if the show was skipped because it was locked, or does not exist. */
  locked: boolean;
  expiredHolds: number;
  /** The oldest of them lapsed at this time. */
  oldestExpiresAt: Date | null;
  /** Whether another run is needed. */
  mayHaveMore: boolean;
}

/** Expires the lapsed holds of one show, at most `MAX_RELEASED_PER_SHOW` per transaction. */
export class Expire implements LedgerCommand<ExpireResult> {
  readonly urgent = false;
  readonly showIds: readonly string[];

  constructor(private readonly showId: string) {
    this.showIds = [showId];
  }

  need(requests: ReadRequests): void {
    requests.lapsedHolds(this.showId, MAX_RELEASED_PER_SHOW);
  }

  decide(work: UnitOfWork): ExpireResult {
    const account = work.find(this.showId);
    let expiredHolds = 0;
    let oldestExpiresAt: Date | null = null;
    for (let hold = account?.expireOldest(); hold; hold = account?.expireOldest()) {
      expiredHolds += 1;
      oldestExpiresAt ??= hold.expiresAt;
    }
    return {
      locked: account !== null,
      expiredHolds,
      oldestExpiresAt,
      mayHaveMore: account?.mayHaveMoreLapsed ?? false,
    };
  }
}
