import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { describePage } from './support/served-page.js';

const PHONE = { width: 390, height: 844 };

describePage('an organiser with a phone', (served) => {
  it('reads the whole status of each booking of a show', async () => {
    const email = `${randomUUID()}@example.com`;
    const ada = await served.api.client().register(email);
    await served.installation.database.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [
      email,
    ]);
    const organiser = await served.api.client().registerAdmin();
    const { id } = await organiser.createShow({ title: 'A play' });
    const { body: booking } = await ada.hold(id);
    await ada.act('confirm', booking.id);

    const page = await (await served.browser.newContext({ viewport: PHONE })).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${served.api.url}/admin/shows/${id}/bookings`);
    await page.getByRole('button', { name: 'Sign in' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await dialog.getByRole('button', { name: 'Sign in' }).click();

    const status = page.getByRole('table').getByText('Confirmed');
    await status.waitFor();
    expect(await status.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
  }, 60_000);
});
