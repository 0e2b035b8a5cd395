import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';

/** An installation with a worker, wherever it is, and a browser to look at it. */
export interface Visited {
  installation: { url: string; client(): ApiClient };
  browser: Browser;
}

/**
 * What two people see of each other's bookings in their browsers.
 * @param visited is there from the suite's `beforeAll` on
 */
export function seeEachOther(visited: () => Visited): void {
  let admin: ApiClient;
  const contexts: BrowserContext[] = [];
  /** Whatever the pages complained of: a blocked script, a failed request, a thrown error. */
  const complaints: string[] = [];

  beforeAll(async () => {
    admin = await visited().installation.client().registerAdmin();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  const open = async (path: string): Promise<Page> => {
    const { installation, browser } = visited();
    const context = await browser.newContext({ locale: 'en-GB' });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // A visitor without a session is told so by 401 at the first load, as it should be.
      const expected = message.text().includes('401');
      if (message.type() === 'error' && !expected) complaints.push(message.text());
    });
    await page.goto(`${installation.url}${path}`);
    return page;
  };

  const registerAndHold = async (page: Page, slots: number): Promise<void> => {
    await page.getByRole('textbox', { name: 'Slots' }).fill(String(slots));
    await page.getByRole('button', { name: 'Sign in to book' }).click();
    await page.getByRole('tab', { name: 'I am new here' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill(`u${Date.now()}@example.com`);
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: /^Hold \d+ slots?$/ }).click();
  };

  const freeSlots = (page: Page) => page.getByTestId('free-slots').first().textContent();
  const watching = async (path: string): Promise<Page> => {
    const page = await open(path);
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor();
    return page;
  };

  it('register, book, see the countdown and confirm, while the other sees the counter move', async () => {
    const { id } = await admin.createShow({ title: 'Everybody wants this', totalSlots: 10 });
    const onlooker = await watching(`/shows/${id}`);
    expect(await freeSlots(onlooker)).toBe('10');

    const buyer = await open('/');
    await buyer.getByRole('link', { name: 'Everybody wants this' }).click();
    await registerAndHold(buyer, 3);
    await buyer.getByRole('heading', { name: 'Held for you' }).waitFor();
    await eventually(async () => expect(await freeSlots(onlooker)).toBe('7'), 1_000);

    const countdown = buyer.getByRole('timer', { name: 'Time left to confirm' });
    const first = await countdown.textContent();
    expect(first).toMatch(/[12]:\d\d/);
    await eventually(async () => expect(await countdown.textContent()).not.toBe(first), 2_500);

    await buyer.getByRole('button', { name: 'Confirm booking' }).click();
    await buyer.getByText('Booking confirmed').first().waitFor();
    expect(await freeSlots(onlooker)).toBe('7');
    expect(await admin.show(id)).toMatchObject({ availableSlots: 7, heldSlots: 0 });
    expect(complaints.splice(0)).toEqual([]);
  }, 60_000);

  it('see the slot come back in both when a hold lapses, and the booking marked expired', async () => {
    const { id } = await admin.createShow({ totalSlots: 1, holdSeconds: 3 });
    const onlooker = await watching(`/shows/${id}`);
    const buyer = await open(`/shows/${id}`);
    await registerAndHold(buyer, 1);
    await eventually(async () => expect(await freeSlots(onlooker)).toBe('0'), 2_000);
    await eventually(async () => expect(await freeSlots(onlooker)).toBe('1'), 6_000);
    await buyer.getByText('Expired', { exact: true }).waitFor();
    expect(complaints.splice(0)).toEqual([]);
  }, 60_000);
}
