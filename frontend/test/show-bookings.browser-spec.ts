import { expect, it } from '@jest/globals';
import { describePage } from './support/served-page.js';
import { openSignedIn, registerOrganiser } from './support/signed-in-page.js';

const PHONE = { width: 390, height: 844 };

describePage('an organiser with a phone', (served) => {
  it('reads the whole status of each booking of a show', async () => {
    const organiser = await registerOrganiser(served);
    const { id } = await organiser.api.createShow({ title: 'A play' });
    const { body: booking } = await organiser.api.hold(id);
    await organiser.api.act('confirm', booking.id);

    const page = await openSignedIn(served, organiser, `/admin/shows/${id}/bookings`, {
      viewport: PHONE,
    });
    const status = page.getByRole('table').getByText('Confirmed');
    await status.waitFor();
    expect(await status.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
  }, 60_000);
});
