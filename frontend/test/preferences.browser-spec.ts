import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describePage } from './support/served-page.js';

describePage('the page of preferences', (served) => {
  let page: Page;

  beforeEach(async () => {
    const context = await served.browser.newContext({ locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${served.api.url}/preferences`);
    await page.getByRole('tab', { name: 'I am new here' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill(`${randomUUID()}@example.com`);
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Preferences' }).waitFor();
  }, 60_000);

  const language = () => page.getByRole('combobox', { name: 'Language of messages' });
  const sms = () => page.getByRole('switch', { name: 'SMS' });
  const email = () => page.getByRole('switch', { name: 'E-mail' });
  const phone = () => page.getByRole('textbox', { name: 'Phone number' });
  const save = () => page.getByRole('button', { name: 'Save' }).click();
  const saved = () => page.getByRole('status').getByText('Preferences saved');

  it('keeps the language, the phone and the channels', async () => {
    expect(await email().isChecked()).toBe(true);
    expect(await sms().isChecked()).toBe(false);
    await language().selectOption('hi');
    await phone().fill('0091 (98765) 432-10');
    await sms().check();
    await save();
    await saved().waitFor();

    await page.reload();
    await phone().waitFor();
    expect(await phone().inputValue()).toBe('+919876543210');
    expect(await language().inputValue()).toBe('hi');
    expect(await sms().isChecked()).toBe(true);
    expect(await email().isChecked()).toBe(true);
  }, 60_000);

  it('shows at its field what the server refuses', async () => {
    await phone().fill('0987654321');
    await save();
    await page.getByText('Must be a phone number with its country code').waitFor();
    expect(await phone().getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('alert').count()).toBe(0);

    await phone().fill('');
    await sms().check();
    await save();
    await page.getByText('Needs a phone').waitFor();
    expect(await saved().count()).toBe(0);

    await page.reload();
    await sms().waitFor();
    expect(await sms().isChecked()).toBe(false);
  }, 60_000);
});
