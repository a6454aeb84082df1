// A folder that not everybody may read: restricted on the page, and gone for whoever may not.

import { expect, type Page, test } from '@playwright/test';
import { saved } from './support/files.js';
import { Api, join, type Person, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let ada: Page;
let bob: Person;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  server = await Server.start();
  ada = await browser.newPage();
  await setUp(ada, server);
  const api = new Api(ada);
  await api.good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
  bob = await join(browser, api, { name: 'Bob Hopper', email: 'bob@acme.test', role: 'member' });
  await api.good('POST', '/organizations/acme/projects/churn/members', { person: bob.id, role: 'data-scientist' });
  await saved(ada, 'Begun', { 'README.md': '# Churn\n', 'salaries/2026.csv': 'name,pay\nAda,9\n' });
});

test.afterAll(async () => {
  await server?.end();
});

test('an owner says who may read a folder, and takes it back', async () => {
  await bob.page.goto(`${server.url}/acme/churn/files`);
  await expect(bob.page.getByRole('link', { name: 'salaries' })).toBeVisible();
  await expect(bob.page.getByRole('link', { name: 'Who may read' })).toHaveCount(0);

  await ada.goto(`${server.url}/acme/churn/files?path=salaries`);
  await ada.locator('.card header').getByRole('link', { name: 'Who may read' }).click();
  const dialog = ada.getByRole('dialog', { name: 'Restrict a folder' });
  await expect(dialog.getByLabel('File or folder')).toHaveValue('salaries');
  await expect(dialog.getByLabel('Only these, and the owners')).toBeChecked();
  await dialog.getByRole('button', { name: 'Add to “May read it”' }).click();
  await dialog.getByRole('radio', { name: /Data engineer/ }).click();
  await expect(dialog.getByRole('button', { name: 'Remove Data engineer' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Restrict a folder' }).click();
  await expect(ada.getByRole('row', { name: /salaries/ })).toContainText('Owners and Data engineer');

  // Bob's page, which is open, hears of it.
  await expect(bob.page.getByRole('link', { name: 'salaries' })).toHaveCount(0);
  await expect(bob.page.getByRole('link', { name: 'README.md' })).toBeVisible();
  await bob.page.goto(`${server.url}/acme/churn/files/file?path=salaries%2F2026.csv`);
  await expect(bob.page.getByText('This file is not in this version.')).toBeVisible();
  await ada.goto(`${server.url}/acme/churn/files`);
  await expect(ada.getByRole('row', { name: /salaries/ })).toContainText('Restricted');

  await ada.getByRole('link', { name: 'Who may read' }).click();
  await ada.getByRole('button', { name: 'Change: salaries' }).click();
  const changing = ada.getByRole('dialog', { name: 'Who may read salaries' });
  await changing.getByLabel('Everybody who may read the files').check();
  await changing.getByRole('button', { name: /^Add to “May not/ }).click();
  await changing.getByRole('radio', { name: /Bob Hopper/ }).click();
  await changing.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByRole('row', { name: /salaries/ })).toContainText('Everybody but Bob Hopper');

  await ada.getByRole('button', { name: 'Lift: salaries' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
  await expect(ada.getByText('Nothing is restricted')).toBeVisible();
  await bob.page.reload();
  const shown = bob.page.frameLocator('iframe.viewer');
  await expect(shown.getByRole('cell', { name: 'Ada', exact: true })).toBeVisible();
});
