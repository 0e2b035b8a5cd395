import { randomUUID } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { ApiClient } from '../../../test/api-client.js';
import type { ServedPage } from './served-page.js';

const PASSWORD = 'correct horse battery';

/** An account at the API whose page can be opened, too. */
export interface Account {
  email: string;
  api: ApiClient;
}

export async function registerCustomer({ api }: ServedPage): Promise<Account> {
  const email = `${randomUUID()}@example.com`;
  return { email, api: await api.client().register(email) };
}

export async function registerOrganiser(served: ServedPage): Promise<Account> {
  const account = await registerCustomer(served);
  const { email } = account;
  await served.installation.database.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [
    email,
  ]);
  const { body } = await account.api.request('POST', '/api/v1/auth/login', {
    body: { email, password: PASSWORD },
  });
  account.api.accessToken = body.accessToken;
  return account;
}

/** A page of somebody who is signed in. */
export async function openSignedIn(
  { api, browser }: ServedPage,
  { email }: Account,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(api.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${api.url}${path}`);
  return page;
}
