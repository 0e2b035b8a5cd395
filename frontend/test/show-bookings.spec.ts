import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium, launchBrowser } from '../../test/browser.js';
import { Installation, type ApiProcess } from '../../test/installation.js';
import { describeWith } from '../../test/optional.js';

const SPA_DIR = join(import.meta.dirname, '..', 'dist');
const PHONE = { width: 390, height: 844 };

describeWith('an organiser with a phone', findChromium(), 'no Chromium on PATH', (chromium) => {
  let installation: Installation;
  let api: ApiProcess;
  let browser: Browser;

  beforeAll(async () => {
    installation = await Installation.create({ SPA_DIR });
    [api, browser] = await Promise.all([installation.startApi(), launchBrowser(chromium)]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.stop();
  });

  it('reads the whole status of each booking of a show', async () => {
    const email = `${randomUUID()}@example.com`;
    const ada = await api.client().register(email);
    await installation.database.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [email]);
    const organiser = await api.client().registerAdmin();
    const { id } = await organiser.createShow({ title: 'A play' });
    const { body: booking } = await ada.hold(id);
    await ada.act('confirm', booking.id);

    const page = await (await browser.newContext({ viewport: PHONE })).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${api.url}/admin/shows/${id}/bookings`);
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
