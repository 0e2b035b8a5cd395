import { expect, it } from '@jest/globals';
import { describePage } from './support/served-page.js';
import { openSignedIn, registerOrganiser } from './support/signed-in-page.js';

describePage('the organisers’ list of notifications', (served) => {
  /** Writes what a worker would have: 50 sent mails and, older than these, an SMS that failed. */
  const record = async (userId: string) => {
    await served.installation.database.query(
      `INSERT INTO notifications
         (id, user_id, event_id, channel, kind, recipient, show_id, status, error, created_at)
       SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, gen_random_uuid(),
              (CASE n WHEN 0 THEN 'SMS' ELSE 'EMAIL' END)::notification_channel,
              'BOOKING_CONFIRMED',
              CASE n WHEN 0 THEN '+14155550100' ELSE 'ada@example.com' END,
              gen_random_uuid(),
              (CASE n WHEN 0 THEN 'FAILED' ELSE 'SENT' END)::notification_status,
              CASE n WHEN 0 THEN '21211: not a number' END,
              now() - make_interval(mins => 51 - n)
       FROM generate_series(0, 50) AS n`,
      [userId],
    );
  };

  it('is paged, and shows the error of a failed one', async () => {
    const organiser = await registerOrganiser(served);
    const { email } = organiser;
    await record(organiser.api.userId);

    const page = await openSignedIn(served, organiser, '/');
    await page.getByRole('link', { name: 'Notifications' }).click();

    const rows = page.getByRole('table', { name: 'Notifications' }).locator('tbody tr');
    await rows.first().getByText('ada@example.com').waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Load more notifications' }).click();
    await rows.nth(50).waitFor();
    const last = await rows.nth(50).textContent();
    for (const text of ['+14155550100', email, 'SMS', 'Booking confirmed', 'Failed', '21211']) {
      expect(last).toContain(text);
    }
    expect(await page.getByRole('button', { name: 'Load more notifications' }).count()).toBe(0);
  }, 60_000);
});
