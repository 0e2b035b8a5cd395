import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describePage } from './support/served-page.js';
import { openSignedIn, registerOrganiser, type Account } from './support/signed-in-page.js';

describePage('the form of a show', (served) => {
  let organiser: Account;

  beforeAll(async () => {
    organiser = await registerOrganiser(served);
  }, 60_000);

  const save = async (page: Page, showId: string) => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(`**/shows/${showId}`);
  };

  it('accepts a show over a repeated hour, and offers both instants', async () => {
    const times = {
      timeZone: 'Europe/Berlin',
      startsAt: '2027-10-31T00:50:00.000Z',
      endsAt: '2027-10-31T01:10:00.000Z',
    };
    const { id } = await organiser.api.createShow(times);
    const path = `/admin/shows/${id}/edit`;
    const page = await openSignedIn(served, organiser, path);
    await page.getByLabel('Title').fill('Night of the clocks');
    await save(page, id);
    expect(await organiser.api.show(id)).toMatchObject({ ...times, title: 'Night of the clocks' });

    await page.goto(`${served.api.url}${path}`);
    await page.getByLabel('Starts').fill('2027-03-28T02:30');
    await page.getByText('it does not exist on that day').waitFor();
    // The end goes along with the start, and the second of two is a choice.
    await page.getByLabel('Starts').fill('2027-10-31T02:15');
    expect(await page.getByLabel('Ends').inputValue()).toBe('2027-10-31T02:35');
    await page.getByText('Second, UTC+01:00').first().click();
    expect(await page.getByLabel('Ends').inputValue()).toBe('2027-10-31T02:35');
    await save(page, id);
    expect(await organiser.api.show(id)).toMatchObject({
      startsAt: '2027-10-31T01:15:00.000Z',
      endsAt: '2027-10-31T01:35:00.000Z',
    });
  }, 60_000);

  it('offers every current zone, and keeps a show’s older zone name', async () => {
    const { id } = await organiser.api.createShow({ timeZone: 'Asia/Calcutta' });
    const page = await openSignedIn(served, organiser, `/admin/shows/${id}/edit`);
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.waitFor();
    expect(await zone.inputValue()).toBe('Asia/Calcutta');
    for (const [typed, name] of [
      ['UTC', 'UTC'],
      ['kyiv', 'Europe/Kyiv'],
      ['ho chi', 'Asia/Ho_Chi_Minh'],
      ['nuuk', 'America/Nuuk'],
      ['kanton', 'Pacific/Kanton'],
      ['kolkata', 'Asia/Kolkata'],
    ] as const) {
      await zone.click();
      await zone.fill(typed);
      await page.getByRole('option', { name, exact: true }).click();
      expect(await zone.inputValue()).toBe(name);
    }
    await save(page, id);
    expect(await organiser.api.show(id)).toMatchObject({ timeZone: 'Asia/Kolkata', version: 2 });
  }, 60_000);
});
