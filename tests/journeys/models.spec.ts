// Models of a project: saved by programs, compared, tagged, downloaded, deleted and recovered on the page.

import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

const MODELS = '/organizations/acme/projects/churn/models';

let server: Server;

test.beforeEach(async ({ page }) => {
  test.setTimeout(120_000);
  server = await Server.start();
  await setUp(page, server);
  await new Api(page).good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
});

test.afterEach(async () => {
  await server?.end();
});

test('versions of a model are compared by what they scored, one becomes the champion, one goes and comes back', async ({ page }) => {
  const api = new Api(page);
  await page.goto(`${server.url}/acme/churn`);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'No models yet' })).toBeVisible();
  await expect(page.getByLabel('Lines of Python that save a model')).toContainText('atelier.model("churn")');

  // What programs save appears by itself.
  const customers = '/organizations/acme/projects/churn/datasets/customers';
  await api.good('POST', '/organizations/acme/projects/churn/datasets', { name: 'Customers' });
  await api.version(customers, { 'a.csv': 'id,left\n' }, { message: 'Export' });
  await api.good('POST', MODELS, { name: 'Churn' });
  const saved = { parameters: { depth: '3' }, datasets: [{ dataset: 'customers', number: 1 }] };
  const churn = `${MODELS}/churn`;
  await api.version(churn, { 'model.joblib': 'one' }, { ...saved, message: 'First', metrics: { auc: 0.91, loss: 0.3 } });
  await api.version(churn, { 'model.joblib': 'two' }, { ...saved, message: 'Second', metrics: { auc: 0.94, loss: 0.2 } });
  await api.version(churn, { 'model.joblib': 'three' }, { message: 'Third', metrics: { auc: 0.93 } });
  await api.good('POST', MODELS, { name: 'Baseline' });
  await api.version(`${MODELS}/baseline`, { 'model.pkl': 'x' }, { metrics: { auc: 0.7 } });
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'auc' }).click();
  await expect(rows.first()).toContainText(/Churn.*v3.*0\.93/);
  await page.getByRole('button', { name: 'auc' }).click();
  await expect(rows.first()).toContainText(/Baseline.*v1.*0\.7/);
  await page.getByLabel('Search models').fill('chu');
  await expect(rows).toHaveCount(1);

  await page.getByRole('link', { name: 'Churn', exact: true }).last().click();
  await expect(page).toHaveURL(`${server.url}/acme/churn/models/churn`);
  const scores = page.getByRole('region', { name: 'What the versions scored' });
  await scores.getByRole('button', { name: 'auc' }).click();
  await expect(scores.getByRole('row').nth(1)).toContainText(/v2.*0\.94.*0\.2/);
  const versions = page.getByRole('listitem').filter({ hasText: / added to storage/ });
  await expect(versions.nth(1)).toContainText('made of customers v1');

  // Three of them, side by side.
  for (const number of [1, 2, 3]) await page.getByLabel(`Choose version ${number}`).check();
  await page.getByRole('link', { name: 'Compare 3 versions' }).click();
  await expect(page.getByRole('row', { name: /^auc 0\.91 0\.94 \+0\.03 0\.93 \+0\.02$/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^loss 0\.3 0\.2 −0\.1/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^depth 3 3/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /model\.joblib changed/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('row', { name: /^auc 0\.91/ })).toBeVisible();

  // The tag that one wants first is there already.
  const parts = page.getByRole('navigation', { name: 'Parts of the model' });
  await parts.getByRole('link', { name: /^Versions/ }).click();
  await page.getByRole('button', { name: 'Tags of version 2' }).click();
  const tags = page.getByRole('dialog', { name: 'Tags of version 2' });
  await expect(tags.getByLabel('Tag', { exact: true })).toHaveValue('champion');
  await tags.getByRole('button', { name: 'Set on v2' }).click();
  await expect(versions.filter({ hasText: 'champion' })).toContainText('v2');

  // Its files.
  await page.goto(`${server.url}/acme/churn/models/churn/champion`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download model.joblib' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe('two');

  // Version 3, then all of it, to the trash and back.
  await parts.getByRole('link', { name: /^Versions/ }).click();
  await page.getByRole('button', { name: 'Delete version 3' }).click();
  await expect(scores.getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'Recover version 3' }).click();
  await expect(scores.getByRole('row')).toHaveCount(4);
  await parts.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete model' }).click();
  await expect(page).toHaveURL(`${server.url}/acme/churn/models`);
  await page.getByLabel('Which models').selectOption('In the trash');
  await page.getByRole('button', { name: 'Recover Churn' }).click();
  await page.getByLabel('Which models').selectOption('In use');
  await expect(page.getByRole('link', { name: 'Churn', exact: true }).last()).toBeVisible();
});
