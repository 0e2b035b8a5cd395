import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';
import { eventually } from '../../../../test/eventually.js';
import { Installation } from '../../../../test/installation.js';
import { bookedShow } from './booked-show.js';
import { CountingMailServer } from './counting-mail-server.js';

/** Mails that a worker sends at once, and of which it may have recorded none when it dies. */
const AT_ONCE = 5;

export interface TellingReport {
  people: number;
  /** People who got at least one mail. */
  told: number;
  /** Mails more than that. */
  duplicates: number;
  allowedDuplicates: number;
  /** Rows that are not SENT after all. */
  unsent: number;
}

/** Changes a show and kills the worker that tells its people, again and again, with -9. */
export async function tellWhileKilling(
  people: number,
  kills: number,
  withinMs: number,
): Promise<TellingReport> {
  const [office, mail] = await Promise.all([BookingOffice.open(), CountingMailServer.start()]);
  const { database } = office;
  const installation = Installation.on(database, {
    LOG_LEVEL: 'info',
    WORKER_ROLES: 'relay,notifications',
    SMTP_URL: mail.url,
    MAIL_FROM: 'tickets@example.com',
  });
  try {
    const show = await bookedShow(office, people);
    await office.shows.edit(show.id, { venue: 'Hall 2' }, null);
    const perKill = Math.floor(people / (kills + 1));
    for (let kill = 1; kill <= kills; kill++) {
      const worker = await installation.startWorker();
      await eventually(() => {
        if (mail.total < (kill * perKill) / 2) throw new Error(`only ${mail.total} mails`);
      }, withinMs);
      await sleep(randomInt(0, 100));
      await worker.stop('SIGKILL');
      // Moves the time past the leases of whoever died.
      await database.query(
        `UPDATE notifications SET claimed_until = now()
         WHERE status = 'PENDING' AND claimed_until IS NOT NULL`,
      );
    }
    await installation.startWorker();
    const unsent = async () => {
      const [row] = await database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM notifications WHERE status <> 'SENT'`,
      );
      return row!.count;
    };
    await eventually(async () => {
      const rest = people - mail.accepted.size + (await unsent());
      if (rest > 0) throw new Error(`${rest} are not told or not recorded`);
      await sleep(500);
    }, withinMs);
    return {
      people,
      told: mail.accepted.size,
      duplicates: mail.total - mail.accepted.size,
      allowedDuplicates: kills * AT_ONCE,
      unsent: await unsent(),
    };
  } finally {
    await office.dataSource.destroy();
    await installation.stop();
    await mail.stop();
  }
}
