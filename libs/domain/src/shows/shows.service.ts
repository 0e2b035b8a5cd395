import type { DataSource } from 'typeorm';
import { newId } from '../ids/new-id.js';
import type { BookingEngine } from '../ledger/booking-engine.js';
import type { DomainEventPayloads } from '../outbox/domain-event-catalogue.js';
import { OutboxEvent } from '../outbox/outbox-event.entity.js';
import { CancelShow } from './commands/cancel-show.js';
import { DeleteShow } from './commands/delete-show.js';
import { EditShow } from './commands/edit-show.js';
import { searchColumns } from './search-text.js';
import type { ShowFields } from './show-fields.js';
import { checkSchedule } from './show-schedule.js';
import { Show } from './show.entity.js';

/** Create, edit, cancel and delete shows. */
export class ShowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: BookingEngine,
  ) {}

  /** @throws VALIDATION_FAILED */
  async create(fields: ShowFields): Promise<Show> {
    checkSchedule(fields);
    const show = await this.dataSource.transaction(async (manager) => {
      const id = newId();
      await manager.insert(Show, {
        ...fields,
        id,
        availableSlots: fields.totalSlots,
        ...searchColumns({ ...fields, revision: 1 }),
      });
      const created = await manager.findOneByOrFail(Show, { id });
      await manager.insert(OutboxEvent, {
        aggregateId: id,
        id: newId(),
        version: created.version,
        type: 'show.created',
        payload: {
          ...(created satisfies DomainEventPayloads['show.created']),
          occurredAt: created.createdAt,
        },
        createdAt: created.createdAt,
      });
      return created;
    });
    this.engine.announce({
      clock: show.createdAt,
      shows: [{ show, edited: true }],
      bookings: [],
      soldOut: [],
      since: performance.now(),
    });
    return show;
  }

  /**
   * A moved start takes the end, the end of the sale and `cancelUntil` along, unless they are named.
   * @param revision the revision the editor has seen; null to edit whatever is there
   * @throws SHOW_NOT_FOUND, PRECONDITION_FAILED, CAPACITY_BELOW_BOOKED, START_IN_PAST,
   *   VALIDATION_FAILED
   */
  edit(id: string, changes: Partial<ShowFields>, revision: number | null): Promise<Show> {
    return this.engine.execute(new EditShow(id, changes, revision));
  }

  /** Cancels the show at once and the first of its bookings; the worker cancels the rest. @throws SHOW_NOT_FOUND */
  async cancel(id: string): Promise<Show> {
    return (await this.engine.execute(new CancelShow(id))).show;
  }

  /** @throws SHOW_NOT_FOUND, PRECONDITION_FAILED, SHOW_HAS_BOOKINGS */
  delete(id: string, revision: number | null): Promise<void> {
    return this.engine.execute(new DeleteShow(id, revision));
  }
}
