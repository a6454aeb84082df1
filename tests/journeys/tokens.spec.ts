// An access token, by keyboard alone: made, shown once, used by a program, revoked.

import { expect, type Page, test } from '@playwright/test';
import { setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server?.end();
});

test('a token is made, used and revoked', async ({ page }) => {
  await setUp(page, server);
  await page.goto(`${server.url}/profile`);
  await press(page, page.getByRole('main').getByRole('link', { name: 'Access tokens' }));
  await expect(page.getByRole('heading', { name: 'No access tokens yet' })).toBeVisible();

  await press(page, page.getByRole('button', { name: 'New token' }));
  await expect(page.getByLabel('What is it for?')).toBeFocused();
  await page.keyboard.type('Nightly export');
  await page.getByLabel('Scope').selectOption({ label: 'See what you see' });
  await page.getByLabel('Expires after').selectOption({ label: '7 days' });
  await press(page, page.getByRole('button', { name: 'Make token' }));
  const field = page.getByLabel('Your new token');
  await expect(field).toBeFocused();
  const text = await field.inputValue();
  expect(text).toMatch(/^atl_[\w-]{43}$/);
  await expect(page.getByText(`curl -H "Authorization: Bearer $ATELIER_TOKEN"`)).toContainText(`${server.url}/api/v1/me`);
  await press(page, page.getByRole('button', { name: 'Done' }));
  await expect(field).toBeHidden();
  const row = page.getByRole('row', { name: /Nightly export/ });
  await expect(row).toContainText('Never');
  expect(await page.content()).not.toContain(text);

  // As a program outside the browser, without its cookies.
  const use = () =>
    fetch(`http://127.0.0.1:${server.port}/api/v1/me`, { headers: { authorization: `Bearer ${text}` } });
  expect((await (await use()).json()).email).toBe('ada@acme.test');

  await press(page, row.getByRole('button', { name: 'Revoke Nightly export' }));
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
  await expect(page.getByRole('heading', { name: 'No access tokens yet' })).toBeVisible();
  expect((await use()).status).toBe(401);
});

/** What a keyboard does to whatever it reaches. */
async function press(page: Page, what: ReturnType<Page['getByRole']>): Promise<void> {
  await what.focus();
  await page.keyboard.press('Enter');
}
