import type { Page } from 'playwright-core';
import type { ServedPage } from './served-page.js';

/** A page of somebody who is signed in. */
export async function openSignedIn(
  { api, browser }: ServedPage,
  email: string,
  path: string,
): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(api.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${api.url}${path}`);
  return page;
}
