import { beforeAll, expect, it } from '@jest/globals';
import type { ApiClient } from '../../test/api-client.js';
import { eventually } from '../../test/eventually.js';
import { describePage } from './support/served-page.js';
import {
  openSignedIn,
  registerCustomer,
  registerOrganiser,
  type Account,
} from './support/signed-in-page.js';

describePage('a confirmed booking in the browser', (served) => {
  let admin: ApiClient;
  let ada: Account;
  beforeAll(async () => {
    admin = await served.api.client().registerAdmin();
    ada = await registerCustomer(served);
  }, 60_000);

  const confirmed = async (showId: string, quantity: number) => {
    const { body: booking } = await ada.api.hold(showId, quantity);
    await ada.api.act('confirm', booking.id);
    return booking;
  };

  it('is reduced, then cancelled after a question', async () => {
    const { id: showId } = await admin.createShow({ totalSlots: 10 });
    const booking = await confirmed(showId, 3);
    const page = await openSignedIn(served, ada, '/bookings');
    await page.getByRole('link', { name: `Details of ${String(booking['reference'])}` }).click();
    const dialog = page.getByRole('dialog');

    await page.getByRole('button', { name: 'Reduce' }).click();
    await dialog.getByRole('textbox', { name: 'Slots to keep' }).fill('1');
    await dialog.getByRole('button', { name: 'Give 2 back' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('1 slot ·').waitFor();
    expect(await admin.show(showId)).toMatchObject({ availableSlots: 9 });

    await page.getByRole('button', { name: 'Cancel booking' }).click();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await admin.show(showId)).toMatchObject({ availableSlots: 9 });

    await page.getByRole('button', { name: 'Cancel booking' }).click();
    await dialog.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page.getByText('This booking is cancelled').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel booking' }).count()).toBe(0);
    expect(await admin.show(showId)).toMatchObject({ availableSlots: 10 });
  }, 60_000);

  it('says why the server refuses to cancel it', async () => {
    const { id: showId } = await admin.createShow();
    const booking = await confirmed(showId, 1);
    const page = await openSignedIn(served, ada, `/bookings/${booking.id}`);
    const cancel = page.getByRole('button', { name: 'Cancel booking' });
    await cancel.waitFor();
    // The deadline moves while the page shows the earlier one.
    const cancelUntil = new Date(Date.now() - 60_000).toISOString();
    await admin.request('PATCH', `/api/v1/shows/${showId}`, { body: { cancelUntil } });
    await cancel.click();
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page.getByRole('alert').getByText('Too late to cancel').waitFor();
    expect(await admin.show(showId)).toMatchObject({ availableSlots: 9 });
  }, 60_000);

  it('loses its buttons at the deadline, and says so', async () => {
    const seconds = 12;
    const cancelUntil = new Date(Date.now() + seconds * 1_000).toISOString();
    const { id: showId } = await admin.createShow({ cancelUntil });
    const booking = await confirmed(showId, 2);
    const page = await openSignedIn(served, ada, `/bookings/${booking.id}`);
    await page.getByText('You can cancel or reduce it until').waitFor();
    const buttons = page.getByRole('button', { name: /Cancel booking|Reduce/ });
    expect(await buttons.count()).toBe(2);

    await page.getByText('Cancelling ended on').waitFor({ timeout: seconds * 1_000 + 3_000 });
    expect(Date.now()).toBeGreaterThan(Date.parse(cancelUntil) - 1_000);
    expect(await buttons.count()).toBe(0);
    await page.getByText('The slots are yours').waitFor();
  }, 60_000);

  it('is cancelled by an organiser in the list of a show’s bookings', async () => {
    const { id: showId } = await admin.createShow({ totalSlots: 5 });
    await confirmed(showId, 2);
    const organiser = await registerOrganiser(served);
    const page = await openSignedIn(served, organiser, `/admin/shows/${showId}/bookings`);
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page.getByRole('table').getByText('Cancelled').waitFor();
    await eventually(async () =>
      expect(await admin.show(showId)).toMatchObject({ availableSlots: 5 }),
    );
  }, 60_000);
});
