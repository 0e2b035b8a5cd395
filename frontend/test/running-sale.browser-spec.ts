import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../test/api-client.js';
import { eventually } from '../../test/eventually.js';
import { describePage } from './support/served-page.js';
import { openSignedIn, registerCustomer } from './support/signed-in-page.js';

describePage('the page of a running sale', (served) => {
  let admin: ApiClient;
  beforeAll(async () => {
    admin = await served.api.client().registerAdmin();
  }, 60_000);

  /** On a machine whose clock is a day behind. */
  const open = async (path: string): Promise<Page> => {
    const page = await (await served.browser.newContext({ locale: 'en-GB' })).newPage();
    page.setDefaultTimeout(10_000);
    await page.addInitScript(`const { now } = Date; Date.now = () => now() - 86_400_000;`);
    await page.goto(`${served.api.url}${path}`);
    return page;
  };

  it('closes by itself at both closing times, and leaves the list at its end', async () => {
    const begin = Date.now();
    const at = (seconds: number) => new Date(begin + seconds * 1_000).toISOString();
    const [closing, ending] = [12, 16];
    const { id: fair } = await admin.createShow({
      title: 'A fair',
      startsAt: at(-60),
      endsAt: at(ending),
      bookingClosesAt: at(closing),
    });
    const { id: concert } = await admin.createShow({ title: 'A concert', startsAt: at(closing) });
    const later = at(40 * 86_400);
    await admin.createShow({ title: 'Later', startsAt: later, bookingClosesAt: later });
    const pages = await Promise.all(
      ['/', `/shows/${fair}`, `/shows/${concert}`].map((path) => open(path)),
    );
    const [list, ...details] = pages as [Page, Page, Page];
    const cards = () => list.getByRole('article').allTextContents();
    for (const page of details) await page.getByText('Open', { exact: true }).waitFor();
    await eventually(async () => expect((await cards()).join()).toMatch(/fair.*concert.*Later/));

    await eventually(
      async () => {
        for (const page of details) {
          expect(await page.getByText('Booking for this show has closed.').count()).toBe(1);
          expect(await page.getByText('Closed', { exact: true }).count()).toBe(1);
        }
        const shown = await cards();
        expect(shown).toHaveLength(2);
        expect(shown[0]).toMatch(/A fair.*Closed/);
        expect(shown[1]).toMatch(/Later.*Open/);
      },
      closing * 1_000 + 3_000,
    );
    expect(Date.now() - begin).toBeGreaterThan(closing * 1_000 - 500);

    await eventually(async () => expect(await cards()).toHaveLength(1), ending * 1_000);
  }, 60_000);

  it('explains that an own hold prevents another one, and links it', async () => {
    const ada = await registerCustomer(served);
    const { id } = await admin.createShow({ totalSlots: 3, maxSlotsPerUser: 3 });
    const page = await openSignedIn(served, ada, `/shows/${id}`);
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor();
    const notice = page.getByRole('status', { name: 'Your holds' });
    expect(await notice.count()).toBe(0);

    // Held in another tab.
    const { body: booking } = await ada.api.hold(id, 2);
    await notice.getByText('You hold 2 slots here.').waitFor();
    await page.getByRole('textbox', { name: 'Slots' }).fill('2');
    await page.getByRole('button', { name: 'Hold 2 slots' }).click();
    await page.getByText('Limit per person reached').waitFor();
    expect(await notice.count()).toBe(1);

    const bob = await served.api.client().register();
    await bob.hold(id, 1);
    await notice.getByText('You hold 2 of the 3 held slots yourself.').waitFor();
    await notice.getByRole('link').click();
    await page.waitForURL(`**/bookings/${booking.id}`);
    await page.getByRole('button', { name: 'Confirm booking' }).click();
    await page.getByText('Booking confirmed').first().waitFor();
    await page.goto(`${served.api.url}/shows/${id}`);
    await page.getByText('All held').waitFor();
    expect(await notice.count()).toBe(0);
  }, 60_000);
});
