// The rows of a table in the browser: seen, sorted, filtered, paged, without a container.

import { expect, type Page, test } from '@playwright/test';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let page: Page;

const ROWS = 250;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  server = await Server.start();
  page = await browser.newPage();
  await setUp(page, server);
  const api = new Api(page);
  await api.good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
  const datasets = '/organizations/acme/projects/churn/datasets';
  await api.good('POST', datasets, { name: 'Customers', description: '', labels: [] });
  let csv = 'id;plan;fee\n';
  for (let id = 0; id < ROWS; id++) csv += `${id};${id % 2 ? 'basic' : 'family'};${id % 10 ? id / 2 : ''}\n`;
  const { id } = await api.good('POST', `${datasets}/customers/uploads`, { replace: false });
  for (const [path, body] of [['raw/customers.csv', csv], ['raw/broken.csv', 'a,b\n1,2\n3,4,5\n']] as const) {
    const address = `/api/v1${datasets}/customers/uploads/${id}/file?path=${path}`;
    const status = await page.evaluate(async ({ address, body }) => {
      const headers = { 'content-type': 'application/octet-stream' };
      return (await fetch(address, { method: 'PUT', headers, body })).status;
    }, { address, body });
    expect(status).toBe(200);
  }
  await api.good('POST', `${datasets}/customers/uploads/${id}/commit`, { message: 'First' });
});

test.afterAll(async () => {
  await server?.end();
});

test('a table is opened, paged, sorted and filtered, and its address leads back to it', async () => {
  await page.goto(`${server.url}/acme/churn/data/customers?path=raw`);
  await page.getByRole('link', { name: 'customers.csv', exact: true }).click();
  await expect(page.getByText('Rows 1 to 100', { exact: true })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(101);
  await expect(page.getByRole('row').nth(1)).toContainText('family');
  await expect(page.getByRole('row').nth(1)).toContainText('null');

  await page.getByRole('button', { name: 'Next rows' }).click();
  await expect(page.getByText('Rows 101 to 200', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Rows 101 to 200', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Next rows' }).click();
  await expect(page.getByText('Rows 201 to 250', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Next rows' })).toBeDisabled();

  await page.getByRole('button', { name: /^id/ }).click();
  await page.getByRole('button', { name: /^id/ }).click();
  await expect(page.getByRole('columnheader', { name: /^id/ })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('row').nth(1)).toContainText('249');

  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Column').selectOption('fee');
  await page.getByLabel('Test').selectOption('at least');
  await page.getByLabel('Value').fill('124');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Rows 1 to 2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Column').selectOption('plan');
  await page.getByLabel('Value').fill('absent');
  await page.getByLabel('Value').press('Enter');
  await expect(page.getByRole('heading', { name: 'No rows' })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Take away: plan is absent' }).click();
  await expect(page.getByText('Rows 1 to 2', { exact: true })).toBeVisible();
});

test('a file that is broken says where, and a value that is none can be taken away again', async () => {
  await page.goto(`${server.url}/acme/churn/data/customers/rows?path=raw%2Fbroken.csv`);
  await expect(page.getByText(/line 3/)).toBeVisible();
  const wrong = encodeURIComponent('[{"column":"id","test":"more","value":"much"}]');
  await page.goto(`${server.url}/acme/churn/data/customers/rows?path=raw%2Fcustomers.csv&where=${wrong}`);
  await expect(page.getByText(/“much” is no value/)).toBeVisible();
  await page.getByRole('button', { name: 'Take away: id more than much' }).click();
  await expect(page.getByText('Rows 1 to 100', { exact: true })).toBeVisible();
});
