import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../../test/eventually.js';
import { describePage } from './support/served-page.js';

describePage('the filters of the list of shows', (served) => {
  beforeAll(async () => {
    const admin = await served.api.client().registerAdmin();
    await admin.createShow({ title: 'Ragas at dawn', region: 'Pune' });
    await admin.createShow({ title: 'Ragas at dusk', region: 'Mumbai' });
    await admin.createShow({ title: 'Night bus', kind: 'BUS', region: 'Pune' });
    const { id } = await admin.createShow({ title: 'Full house', region: 'Pune', totalSlots: 1 });
    await admin.hold(id, 1);
  }, 60_000);

  const open = async (path: string): Promise<Page> => {
    const page = await (await served.browser.newContext({ locale: 'en-GB' })).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${served.api.url}${path}`);
    return page;
  };

  const expectShown = (page: Page, ...titles: string[]) =>
    eventually(async () => {
      const shown = await page.getByRole('article').getByRole('heading').allTextContents();
      expect(shown.toSorted()).toEqual(titles.toSorted());
    });

  const expectQuery = (page: Page, query: Record<string, string>) =>
    eventually(() =>
      expect(Object.fromEntries(new URL(page.url()).searchParams.entries())).toEqual(query),
    );

  it('narrow the list, and stand in the address', async () => {
    const page = await open('/');
    await expectShown(page, 'Ragas at dawn', 'Ragas at dusk', 'Night bus', 'Full house');

    const search = page.getByRole('textbox', { name: 'Search' });
    await search.pressSequentially('ragas');
    await expectShown(page, 'Ragas at dawn', 'Ragas at dusk');
    await expectQuery(page, { q: 'ragas' });
    await page.getByRole('combobox', { name: 'Region' }).fill('Pune');
    await page.keyboard.press('Enter');
    await expectShown(page, 'Ragas at dawn');
    await expectQuery(page, { q: 'ragas', region: 'Pune' });

    await page.getByRole('button', { name: 'Clear search' }).click();
    expect(await search.inputValue()).toBe('');
    await expectShown(page, 'Ragas at dawn', 'Night bus', 'Full house');
    await page.getByRole('switch', { name: 'Only available' }).check();
    await expectShown(page, 'Ragas at dawn', 'Night bus');
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Bus trip' }).click();
    await expectShown(page, 'Night bus');
    await expectQuery(page, { region: 'Pune', available: 'true', kind: 'BUS' });
  }, 60_000);

  it('are read from the address, survive a reload and a visit to a show, and can be cleared', async () => {
    const page = await open('/?q=ragas&region=Mumbai&kind=EVENT&unknown=1');
    await expectShown(page, 'Ragas at dusk');
    await page.reload();
    await expectShown(page, 'Ragas at dusk');
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('ragas');
    expect(await page.getByRole('combobox', { name: 'Region' }).inputValue()).toBe('Mumbai');
    expect(await page.getByRole('combobox', { name: 'Kind' }).inputValue()).toBe('Event');

    await page.getByRole('link', { name: 'Ragas at dusk' }).click();
    await page.getByRole('heading', { name: 'Availability' }).waitFor();
    await page.goBack();
    await expectShown(page, 'Ragas at dusk');

    await page.getByRole('textbox', { name: 'Search' }).fill('nothing like it');
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await expectShown(page, 'Ragas at dawn', 'Ragas at dusk', 'Night bus', 'Full house');
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('');
  }, 60_000);

  it('ignore a kind that does not exist', async () => {
    await expectShown(await open('/?kind=OPERA&q=bus'), 'Night bus');
  }, 60_000);
});
