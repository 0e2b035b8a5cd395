import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';

/** An installation with a worker, wherever it is, and a browser. */
export interface Target {
  installation: { url: string; client(): ApiClient };
  browser: Browser;
}

/**
 * A buyer books while another visitor watches the counter.
 * @param target is there from the suite's `beforeAll` on
 */
export function itBooksWhileAnotherWatches(target: () => Target): void {
  const { createShow, open, watch, expectNoErrors } = visitors(target);

  it('registers, holds, shows the countdown and confirms, while another page updates its counter', async () => {
    const { id, admin } = await createShow({ title: 'Everybody wants this', totalSlots: 10 });
    const onlooker = await watch(`/shows/${id}`);
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
    expectNoErrors();
  }, 60_000);
}

/**
 * A buyer lets a hold expire while another visitor watches the counter.
 * @param target is there from the suite's `beforeAll` on
 */
export function itReturnsTheSlotsOfAnExpiredHold(target: () => Target): void {
  const { createShow, open, watch, expectNoErrors } = visitors(target);

  it('returns the slot on both pages when a hold expires, and marks the booking expired', async () => {
    const { id } = await createShow({ totalSlots: 1, holdSeconds: 3 });
    const onlooker = await watch(`/shows/${id}`);
    const buyer = await open(`/shows/${id}`);
    await registerAndHold(buyer, 1);
    await eventually(async () => expect(await freeSlots(onlooker)).toBe('0'), 2_000);
    await eventually(async () => expect(await freeSlots(onlooker)).toBe('1'), 6_000);
    await buyer.getByText('Expired', { exact: true }).waitFor();
    expectNoErrors();
  }, 60_000);
}

/** Browsers of visitors who are not signed in, closed after each test. */
function visitors(target: () => Target) {
  let admin: ApiClient;
  const pages: Page[] = [];
  /** A blocked script, a failed request, a thrown error. */
  const errors: string[] = [];

  beforeAll(async () => {
    admin = await target().installation.client().registerAdmin();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });

  const open = async (path: string): Promise<Page> => {
    const { installation, browser } = target();
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    pages.push(page);
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(`${installation.url}${path}`);
    return page;
  };
  return {
    open,
    watch: async (path: string): Promise<Page> => {
      const page = await open(path);
      await page.getByRole('banner').getByText('Live', { exact: true }).waitFor();
      return page;
    },
    createShow: async (fields: Record<string, unknown>) => {
      const { id } = await admin.createShow(fields);
      return { id, admin };
    },
    expectNoErrors: () => expect(errors.splice(0)).toEqual([]),
  };
}

const freeSlots = (page: Page) => page.getByTestId('free-slots').first().textContent();

async function registerAndHold(page: Page, slots: number): Promise<void> {
  await page.getByRole('textbox', { name: 'Slots' }).fill(String(slots));
  await page.getByRole('button', { name: 'Sign in to book' }).click();
  await page.getByRole('tab', { name: 'I am new here' }).click();
  await page.getByRole('textbox', { name: 'E-mail' }).fill(`u${Date.now()}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: /^Hold \d+ slots?$/ }).click();
}
