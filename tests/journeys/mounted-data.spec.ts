// Data in a session: uploaded on the page, chosen at the start, read by a cell of a notebook, at the version that was
// chosen and no other.

import { expect, test } from '@playwright/test';
import { drop, Folder } from './support/files.js';
import { newNotebook, openLab, PATIENCE, runCell, save, stop } from './support/lab.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let folder: Folder;

test.beforeEach(async ({ page }) => {
  test.setTimeout(600_000);
  folder = new Folder();
  server = await Server.start();
  await setUp(page, server);
  await new Api(page).good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
});

test.afterEach(async () => {
  folder.remove();
  await server?.end();
});

test('what was uploaded is in /data of the session that was started with it', async ({ page }) => {
  const uploads = page.getByRole('region', { name: 'Uploads' });
  const upload = async (message: string, number: number, ...files: string[]) => {
    await drop(page, page.locator('.drop-zone'), files);
    const asking = page.getByRole('dialog', { name: 'Upload to Customers' });
    await asking.getByLabel('What is new?').fill(message);
    await asking.getByRole('button', { name: 'Upload' }).click();
    await expect(uploads.getByText(`Version ${number} is there`)).toBeVisible({ timeout: 90_000 });
  };
  await page.goto(`${server.url}/acme/churn/data`);
  folder.write('raw/customers.csv', 'id,left\n1,true\n2,false\n');
  await drop(page, page.locator('.drop-zone'), [folder.at('raw')]);
  const making = page.getByRole('dialog', { name: 'New dataset' });
  await making.getByLabel('Name').fill('Customers');
  await making.getByRole('button', { name: 'Create dataset' }).click();
  const first = page.getByRole('dialog', { name: 'Upload to Customers' });
  await first.getByLabel('What is new?').fill('October');
  await first.getByRole('button', { name: 'Upload' }).click();
  await expect(uploads.getByText('Version 1 is there')).toBeVisible({ timeout: 90_000 });
  folder.write('raw/customers.csv', 'id,left\n3,true\n');
  await upload('November', 2, folder.at('raw'));

  // The start page offers all of it; one version of one dataset is chosen.
  await page.goto(`${server.url}/acme/churn/sessions/new`);
  const data = page.getByRole('group', { name: 'Data' });
  await expect(data.getByLabel('All datasets, newest versions')).toBeChecked();
  await expect(data.getByText('1 dataset,')).toBeVisible();
  await data.getByLabel('Chosen datasets').check();
  await data.getByRole('checkbox', { name: 'Customers' }).check();
  await data.getByLabel('Version of Customers').selectOption({ label: 'v1 · October' });
  await page.getByRole('button', { name: 'Start JupyterLab' }).click();
  await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: 300_000 });
  await expect(page.getByText('Data ready')).toBeVisible();
  await expect(page.getByText('/data/customers', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Customers' })).toHaveAttribute('href', '/acme/churn/data/customers/v1');

  let lab = await openLab(page);
  await newNotebook(lab);
  await runCell(lab, 'print("read", open("/data/customers/raw/customers.csv").read().split())', "read ['id,left', '1,true', '2,false']");
  await runCell(lab, 'import atelier; c = atelier.dataset("customers"); print("path", c.path(), c.version.number)', 'path /data/customers 1');
  // Another version is never taken for the one that is mounted.
  await runCell(lab, 'n = atelier.dataset("customers@latest"); print("other", n.version.number, str(n.path()).startswith("/data"), (n.path() / "raw/customers.csv").read_text().split())', "other 2 False ['id,left', '3,true']");
  await runCell(lab, 'print("same", atelier.dataset("customers@1").path())', 'same /data/customers');
  await runCell(lab, 'print("rows", len(c.pandas("raw")))', 'rows 2');
  await runCell(lab, 'import pandas as pd; print("by address", len(pd.read_csv("atelier://acme/churn/customers@1/raw/customers.csv")))', 'by address 2');
  await runCell(lab, 'print("wrote", open("/results/scores.csv", "w").write("auc\\n0.9\\n"))', 'wrote 8');
  await runCell(lab, 'saved = atelier.save("By a program"); print("saved", saved.number, saved.kept)', 'saved 1 ()');
  await runCell(lab, 'open("/data/customers/new", "w")', 'Read-only file system');
  await save(lab, 'Untitled.ipynb', 'same /data/customers');
  await lab.close();

  // What it wrote is a version of the results, which says what made it.
  const results = await page.context().newPage();
  await results.goto(`${server.url}/acme/churn/results`);
  await expect(results.getByRole('link', { name: 'scores.csv' })).toBeVisible({ timeout: PATIENCE });
  await results.getByRole('link', { name: 'Versions' }).click();
  await expect(results.getByText('By a program')).toBeVisible();
  await expect(results.getByText(/^made of customers v1 · with the files of v1 · in the environment python-data-science/)).toBeVisible();
  await results.close();

  // Started again with what is newest.
  await stop(page);
  await page.getByRole('button', { name: 'Start with other data' }).click();
  const other = page.getByRole('dialog', { name: 'Start with other data' });
  await expect(other.getByRole('checkbox', { name: 'Customers' })).toBeChecked();
  await other.getByLabel('All datasets, newest versions').check();
  await other.getByRole('button', { name: 'Start again' }).click();
  await expect(page.getByText('v2 · latest')).toBeVisible({ timeout: PATIENCE });
  await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: PATIENCE });
  lab = await openLab(page);
  await newNotebook(lab);
  await runCell(lab, 'print("read", open("/data/customers/raw/customers.csv").read().split())', "read ['id,left', '3,true']");
  await lab.close();
  await page.goto(`${server.url}/acme/churn/sessions`);
  await expect(page.getByText('Data: Customers v2')).toBeVisible();
});
