import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ApiClient, Booking } from '../../../../test/api-client.js';
import type { ApiPair } from './api-pair.js';

type Told = Pick<Booking, 'id' | 'status' | 'version' | 'quantity'>;

/** Repeats everything until it is answered, as an integrator should, and remembers the answers. */
export class RetryingBuyer {
  /** Of each booking, what was acknowledged last. */
  readonly told = new Map<string, Told>();
  /** How many keys were answered with a booking. */
  keysBooked = 0;
  readonly refusals: string[] = [];
  /** How many requests had their process killed under them. */
  torn = 0;
  /** How many holds had been booked and only their answer was lost. */
  lostAnswers = 0;
  /** Failures that no kill explains. */
  readonly unexplained: unknown[] = [];
  private keysUsed = 0;

  constructor(
    private readonly apis: ApiPair,
    private readonly token: string,
  ) {}

  /** @returns null if it was refused */
  async hold(showId: string, quantity: number): Promise<Booking | null> {
    const key = `key-${this.keysUsed++}`;
    const answer = await this.untilAnswered((person) => person.hold(showId, quantity, key));
    if (answer.headers.has('idempotency-replayed')) this.lostAnswers += 1;
    if (answer.status === 201) this.keysBooked += 1;
    return this.remember(answer);
  }

  async act(action: 'confirm' | 'cancel', bookingId: string): Promise<void> {
    this.remember(await this.untilAnswered((person) => person.act(action, bookingId)));
  }

  /** What the API says is theirs. */
  async list(): Promise<Told[]> {
    const listed: Told[] = [];
    let cursor = '';
    do {
      const person = this.apis.next().client(this.token);
      const { body } = await person.request('GET', `/api/v1/bookings?limit=100${cursor}`);
      listed.push(...body.data.map(stateOf));
      cursor = body.page.nextCursor && `&cursor=${body.page.nextCursor}`;
    } while (cursor);
    return listed;
  }

  private remember({ status, body }: Answer<Booking>): Booking | null {
    if (status === 200 || status === 201) {
      this.told.set(body.id, stateOf(body));
      return body;
    }
    this.refusals.push(`${status} ${String(body['code'])}`);
    return null;
  }

  /** Tries one process, then the other, until one of them decides. */
  private async untilAnswered(
    send: (person: ApiClient) => Promise<Answer<Booking>>,
  ): Promise<Answer<Booking>> {
    for (;;) {
      const api = this.apis.next();
      const wasDead = this.apis.wasKilled(api);
      try {
        const answer = await send(api.client(this.token));
        // An answer that a kill overtook is not told: to its sender it may as well have been lost.
        if (!this.apis.wasKilled(api) && answer.status !== 503) return answer;
      } catch (error) {
        if (!this.apis.wasKilled(api)) this.unexplained.push(error);
      }
      if (this.apis.wasKilled(api) && !wasDead) this.torn += 1;
      await sleep(10);
    }
  }
}

const stateOf = ({ id, status, version, quantity }: Booking): Told => ({
  id,
  status,
  version,
  quantity,
});
