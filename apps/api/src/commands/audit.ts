import { auditShows } from '@modex/domain';
import { runCommand } from './command.js';

/** Exit code 1 if any show drifts. */
runCommand(async (dataSource) => {
  const { shows, drifts } = await auditShows(dataSource);
  for (const drift of drifts) {
    process.stdout.write(
      `${drift.showId} "${drift.title}": total ${drift.totalSlots}, available ${drift.availableSlots}, ` +
        `held ${drift.heldSlots} (bookings say ${drift.heldByBookings}), ` +
        `confirmed ${drift.confirmedByBookings}\n`,
    );
  }
  process.stdout.write(`${shows} shows audited, drift in ${drifts.length}\n`);
  if (drifts.length > 0) process.exitCode = 1;
});
