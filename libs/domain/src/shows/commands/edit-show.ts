import { newId } from '../../ids/new-id.js';
import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import { MAX_RELEASED_PER_SHOW, type ReadRequests } from '../../ledger/read-set.js';
import { RunAgain, type LedgerCommand } from '../../ledger/ledger-command.js';
import type { ShowAccount } from '../../ledger/show-account.js';
import { capacityBelowBooked, showChanged, startInPast } from '../show-errors.js';
import type { Show } from '../show.entity.js';
import type { ShowFields } from '../show-fields.js';
import { checkEditedSchedule, withFollowingTimes } from '../show-schedule.js';

/** Changes a show's fields, its number of slots among them. */
export class EditShow implements LedgerCommand<Show> {
  readonly urgent = false;
  readonly showIds: readonly string[];
  private readonly eventId = newId();

  /** @param revision the revision the editor has seen; null to edit whatever is there */
  constructor(
    private readonly showId: string,
    private readonly changes: Partial<ShowFields>,
    private readonly revision: number | null,
  ) {
    this.showIds = [showId];
  }

  need(requests: ReadRequests, shows: ReadonlyMap<string, Show>): void {
    const { totalSlots, maxSlotsPerUser, startsAt } = this.changes;
    if (requests.outcomeUnknown) requests.event(this.showId, this.eventId);
    if (maxSlotsPerUser) requests.limitPerUser(this.showId);
    const show = shows.get(this.showId);
    if (show && totalSlots !== undefined && totalSlots < show.totalSlots) {
      requests.slots(this.showId, show.totalSlots - totalSlots);
    }
    // Lapsed holds do not prevent moving a show into the past.
    if (show && startsAt && isMoved(show, startsAt)) {
      requests.lapsedHolds(this.showId, MAX_RELEASED_PER_SHOW);
    }
  }

  /** @throws SHOW_NOT_FOUND, PRECONDITION_FAILED, CAPACITY_BELOW_BOOKED, START_IN_PAST, VALIDATION_FAILED */
  decide(work: UnitOfWork): Show {
    const account = work.account(this.showId);
    const { show } = account;
    if (work.readSet.events.has(this.eventId)) return { ...show };
    if (this.revision !== null && this.revision !== show.revision) throw showChanged(show.revision);
    if (Object.keys(this.changes).length === 0) return { ...show };
    const changes = withFollowingTimes(show, this.changes);
    checkEditedSchedule(show, { ...show, ...changes }, this.changes);
    checkStart(account, changes.startsAt ?? show.startsAt, work.clock);
    const fewer = show.totalSlots - (this.changes.totalSlots ?? show.totalSlots);
    if (fewer > 0) {
      account.reclaim(fewer);
      if (show.availableSlots < fewer) {
        if (account.mayHaveMoreLapsed) throw new RunAgain();
        throw capacityBelowBooked(account.bookedSlots);
      }
    }
    account.edit(changes, 'show.updated', this.eventId);
    return { ...show };
  }
}

function checkStart(account: ShowAccount, startsAt: Date, clock: Date): void {
  const { show } = account;
  if (startsAt > clock || !isMoved(show, startsAt) || show.status === 'CANCELLED') return;
  account.reclaim(show.totalSlots);
  if (account.bookedSlots === 0) return;
  if (account.mayHaveMoreLapsed) throw new RunAgain();
  throw startInPast(account.bookedSlots);
}

const isMoved = (show: Show, startsAt: Date): boolean =>
  startsAt.getTime() !== show.startsAt.getTime();
