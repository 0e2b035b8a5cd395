import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFETCH } from '../../src/outbox/transports/rabbit-consumer.js';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import type { RabbitPrograms } from '../../../../scripts/cluster/rabbitmq.mjs';
import { eventually } from '../../../../test/eventually.js';
import { Installation } from '../../../../test/installation.js';
import {
  newPrefix,
  QUEUES_ARE_WRITTEN_MS,
  RabbitServer,
} from '../../../../test/rabbitmq-server.js';
import type { ServerProcess } from '../../../../test/server-process.js';

const CAUGHT_UP_MS = 60_000;

export interface KillReport {
  bookings: number;
  events: number;
  /** Events that the deduplicating consumer has handled. */
  handled: number;
  /** Messages that it got more than once. */
  duplicates: number;
  /** What was in flight at the kills, and may therefore come twice. */
  allowedDuplicates: number;
  kills: number;
}

/**
 * Sells and confirms bookings while broker, relay and consumer are killed with -9 in turn, and waits
 * until everything that was left has been handled.
 */
export async function sellWhileKilling(
  programs: RabbitPrograms,
  { kills, bookings }: { kills: number; bookings: number },
): Promise<KillReport> {
  const broker = await RabbitServer.start(programs);
  const office = await BookingOffice.open();
  const { database } = office;
  const environment = {
    AMQP_URL: broker.url,
    AMQP_PREFIX: newPrefix(),
    LOG_LEVEL: 'warn',
    // Whoever is killed is to have much in hand.
    RELAY_THROTTLE_FROM: '1000000',
  };
  const installation = Installation.on(database, environment);
  let consumer: ChildProcess | null = null;
  let relay: ServerProcess | null = null;
  const startConsumer = () =>
    spawn(process.execPath, ['apps/worker/test/support/counting-consumer.mjs'], {
      env: { ...process.env, ...environment, DATABASE_URL: database.url },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const stopConsumer = async () => {
    if (!consumer || consumer.exitCode !== null || consumer.signalCode !== null) return;
    const gone = once(consumer, 'exit');
    consumer.kill('SIGKILL');
    await gone;
  };
  const count = async (sql: string) =>
    (await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`))[0]!
      .count;
  const startRelay = () => installation.startWorker({ WORKER_ROLES: 'relay', LOG_LEVEL: 'info' });
  /** What the relay has taken and not written down as published: the broker may have it already. */
  const claimed = () => count('outbox WHERE published_at IS NULL AND claimed_until IS NOT NULL');
  /** Each resolves to how many messages may come twice for it. */
  const victims = [
    async () => {
      // Nothing is claimed between the count and the kill.
      relay!.freeze();
      const unconfirmed = await claimed();
      await broker.kill();
      relay!.thaw();
      await broker.start();
      return unconfirmed + PREFETCH;
    },
    async () => {
      await relay!.stop('SIGKILL');
      const unconfirmed = await claimed();
      relay = await startRelay();
      return unconfirmed;
    },
    async () => {
      await stopConsumer();
      consumer = startConsumer();
      // What it had not acknowledged.
      return PREFETCH;
    },
  ];
  try {
    await database.query('CREATE TABLE deliveries (event_id uuid)');
    await database.query('CREATE TABLE handled (event_id uuid PRIMARY KEY)');
    consumer = startConsumer();
    relay = await startRelay();
    const shows = await Promise.all(
      Array.from({ length: 10 }, () => office.createShow({ totalSlots: bookings })),
    );
    const userIds = await office.createUsers(50);
    const expectHandled = async (events: number) => {
      const rest = events - (await count('handled'));
      if (rest > 0) throw new Error(`${rest} of ${events} events were not handled`);
    };
    // The queues are there: a broker that dies while it makes one leaves half of it.
    await eventually(() => expectHandled(shows.length), CAUGHT_UP_MS);
    await sleep(QUEUES_ARE_WRITTEN_MS);
    const sell = async (n: number) => {
      const showId = shows[n % shows.length]!.id;
      const userId = userIds[n % userIds.length]!;
      const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
      const actor = { userId, isAdmin: false };
      await office.bookings.confirm({ showId, bookingId: booking.id }, actor);
    };
    const perKill = bookings / kills;
    let allowedDuplicates = 0;
    for (let kill = 0; kill < kills; kill++) {
      const sales = Promise.all(
        Array.from({ length: perKill }, (_, i) => sell(kill * perKill + i)),
      );
      await sleep(randomInt(20, 250));
      allowedDuplicates += await victims[kill % victims.length]!();
      await sales;
    }
    const events = await count('outbox');
    await eventually(() => expectHandled(events), CAUGHT_UP_MS);
    // What would come twice would come now.
    await sleep(1_000);
    return {
      bookings: await count(`bookings WHERE status = 'CONFIRMED'`),
      events,
      handled: await count('handled JOIN outbox ON outbox.id = handled.event_id'),
      duplicates: (await count('deliveries')) - (await count('handled')),
      allowedDuplicates,
      kills,
    };
  } finally {
    await stopConsumer();
    await office.dataSource.destroy();
    await installation.stop();
    await broker.destroy();
  }
}
