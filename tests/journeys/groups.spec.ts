// Groups, chosen sizes, and two who edit the same, as people meet them on the pages.

import { expect, type Page, test } from '@playwright/test';
import { Api, join, type Person, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let ada: Page;
let api: Api;
let bob: Person;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  server = await Server.start();
  ada = await browser.newPage();
  await setUp(ada, server);
  api = new Api(ada);
  await api.good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
  bob = await join(browser, api, { name: 'Bob Hopper', email: 'bob@acme.test', role: 'member' });
});

test.afterAll(async () => {
  await server?.end();
});

test('a group is made, given a role, and taken apart again', async () => {
  await bob.page.goto(`${server.url}/acme/churn`);
  await expect(bob.page.getByRole('heading', { level: 1 })).toHaveText('Nothing here');

  await ada.goto(`${server.url}/acme/admin/groups`);
  await expect(ada.getByText('No groups yet')).toBeVisible();
  await ada.getByRole('button', { name: 'New group' }).click();
  await ada.getByLabel('Name', { exact: true }).fill('Data team');
  await ada.getByLabel('Description').fill('Models and pipelines');
  await ada.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByRole('heading', { level: 1 })).toHaveText('Data team');
  await expect(ada.getByText('Nobody is in this group')).toBeVisible();
  await ada.getByRole('button', { name: 'Add a person' }).click();
  await ada.getByLabel(/Bob Hopper/).check();
  await ada.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(ada.getByRole('row', { name: /Bob Hopper/ })).toBeVisible();

  await ada.goto(`${server.url}/acme/churn/members`);
  await ada.getByRole('button', { name: 'Add a member' }).click();
  await ada.getByLabel(/Data team/).check();
  await ada.getByRole('dialog').getByLabel('Role').selectOption({ label: 'Data scientist' });
  await ada.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(ada.getByRole('row', { name: /Bob Hopper/ })).toContainText('Through Data team');
  await expect(ada.getByLabel('Role of Data team')).toHaveValue('data-scientist');

  await bob.page.goto(`${server.url}/acme/churn`);
  await expect(bob.page.getByRole('heading', { level: 1 })).toHaveText('Churn');

  await ada.goto(`${server.url}/acme/admin/groups`);
  await ada.getByRole('link', { name: 'Data team' }).click();
  await expect(ada.getByRole('link', { name: 'Churn' })).toBeVisible();
  await ada.getByRole('button', { name: 'Remove Bob Hopper' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ada.getByText('Nobody is in this group')).toBeVisible();
  await bob.page.reload();
  await expect(bob.page.getByRole('heading', { level: 1 })).toHaveText('Nothing here');

  await ada.getByRole('button', { name: 'Delete' }).click();
  await expect(ada.getByRole('dialog')).toContainText('0 people lose what they have through it, in 1 project');
  await ada.getByRole('dialog').getByRole('textbox').fill('Data team');
  await ada.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.getByText('No groups yet')).toBeVisible();
});

test('a size is kept for a group, and says whom to ask', async () => {
  await api.good('POST', '/organizations/acme/projects/churn/members', { person: bob.id, role: 'data-scientist' });
  await api.good('POST', '/organizations/acme/groups', { name: 'Heavy', description: '' });
  await ada.goto(`${server.url}/acme/admin/sizes`);
  await ada.getByRole('button', { name: 'Who may start it: Mini' }).click();
  await ada.getByLabel('Only chosen people and groups').check();
  await ada.getByRole('button', { name: 'Add to “May start it”' }).click();
  await ada.getByRole('radio', { name: /Heavy/ }).click();
  await expect(ada.getByRole('button', { name: 'Remove Heavy' })).toBeVisible();
  await ada.getByRole('button', { name: 'Save' }).click();
  await expect(ada.getByRole('row', { name: /Mini/ })).toContainText('Restricted');

  await bob.page.goto(`${server.url}/acme/churn/sessions/new`);
  const mini = bob.page.getByRole('row', { name: /Mini/ });
  await expect(mini).toContainText('Kept for others; ask Ada Lovelace');
  await expect(mini.getByRole('radio')).toBeDisabled();
});

test('of two who edit the same, the later one is told and loses nothing', async ({ browser }) => {
  const other = await browser.newContext({ storageState: await ada.context().storageState() });
  const second = await other.newPage();
  await second.goto(`${server.url}/acme/churn/settings`);
  await second.getByLabel('Description').fill('Who leaves, and why?');
  // The second page does not hear of it in time: it is the version that tells.
  const { version } = await api.good('GET', '/organizations/acme/projects/churn');
  const rename = await api.good('PATCH', '/organizations/acme/projects/churn', { name: 'Churn 2027' });
  expect(rename.version).toBeGreaterThan(version);
  await second.getByRole('button', { name: 'Save' }).click();
  await expect(second.getByText(/Ada Lovelace changed this/)).toBeVisible();
  await expect(second.getByLabel('Description')).toHaveValue('Who leaves, and why?');
  await second.getByRole('button', { name: 'Load the newest' }).click();
  await expect(second.getByLabel('Name', { exact: true })).toHaveValue('Churn 2027');
  await expect(second.getByLabel('Description')).toHaveValue('Who leaves, and why?');
  await second.getByRole('button', { name: 'Save' }).click();
  await expect(second.getByText('Saved')).toBeVisible();
  const project = await api.good('GET', '/organizations/acme/projects/churn');
  expect([project.name, project.description]).toEqual(['Churn 2027', 'Who leaves, and why?']);
  await other.close();
});
