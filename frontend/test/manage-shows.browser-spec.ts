import { beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../test/eventually.js';
import { describePage } from './support/served-page.js';
import { openSignedIn, registerOrganiser, type Account } from './support/signed-in-page.js';

describePage('an organiser in the browser', (served) => {
  let organiser: Account;
  beforeAll(async () => {
    organiser = await registerOrganiser(served);
  }, 60_000);

  it('creates a show', async () => {
    const page = await openSignedIn(served, organiser, '/admin/shows/new');
    await page.getByRole('button', { name: 'Create show' }).click();
    await page.getByText('Give the show a title').waitFor();

    await page.getByLabel('Title').fill('Puppet theatre');
    await page.getByLabel('Venue').fill('The Old Barn');
    await page.getByRole('combobox', { name: 'Time zone' }).fill('kolkata');
    await page.getByRole('option', { name: 'Asia/Kolkata' }).click();
    await page.getByLabel('Starts').fill('2027-06-01T19:30');
    await page.getByLabel('Ends').fill('2027-06-01T21:00');
    await page.getByLabel('Total slots').fill('42');
    await page.getByLabel('Slots per person').fill('4');
    await page.getByRole('button', { name: 'Create show' }).click();

    await page.getByRole('heading', { name: 'Puppet theatre' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    expect(await organiser.api.show(id)).toMatchObject({
      title: 'Puppet theatre',
      venue: 'The Old Barn',
      timeZone: 'Asia/Kolkata',
      startsAt: '2027-06-01T14:00:00.000Z',
      endsAt: '2027-06-01T15:30:00.000Z',
      totalSlots: 42,
      maxSlotsPerUser: 4,
    });
  }, 60_000);

  it('edits a show, and does not overwrite somebody else’s edit', async () => {
    const { id } = await organiser.api.createShow({ title: 'Before', totalSlots: 10 });
    const page = await openSignedIn(served, organiser, `/shows/${id}`);
    await page.getByRole('link', { name: 'Edit show' }).click();
    await page.getByLabel('Title').fill('After');
    await organiser.api.request('PATCH', `/api/v1/shows/${id}`, { body: { venue: 'Elsewhere' } });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Somebody else changed this show meanwhile').waitFor();
    expect(await organiser.api.show(id)).toMatchObject({ title: 'Before', venue: 'Elsewhere' });

    await page.getByRole('button', { name: 'Load the newest version' }).click();
    await eventually(async () =>
      expect(await page.getByLabel('Venue').inputValue()).toBe('Elsewhere'),
    );
    await page.getByLabel('Title').fill('After');
    await page.getByLabel('Total slots').fill('12');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'After' }).waitFor();
    expect(await organiser.api.show(id)).toMatchObject({
      title: 'After',
      venue: 'Elsewhere',
      totalSlots: 12,
    });
  }, 60_000);

  it('cancels a show after a question', async () => {
    const { id } = await organiser.api.createShow();
    const page = await openSignedIn(served, organiser, `/shows/${id}`);
    const cancel = page.getByRole('button', { name: 'Cancel show' });
    const dialog = page.getByRole('dialog');
    await cancel.click();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await organiser.api.show(id)).toMatchObject({ status: 'SCHEDULED' });

    await cancel.click();
    await dialog.getByRole('button', { name: 'Yes, cancel the show' }).click();
    await page.getByText('The organiser cancelled this show.').waitFor();
    expect(await cancel.count()).toBe(0);
    expect(await organiser.api.show(id)).toMatchObject({ status: 'CANCELLED' });
  }, 60_000);
});
