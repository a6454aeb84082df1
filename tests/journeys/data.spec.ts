// Data of a project: uploaded on the page, kept in versions, compared, brought back, deleted, recovered.

import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { drop, Folder, noise } from './support/files.js';
import { Line } from './support/line.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

const MB = 1 << 20;

let server: Server;
let folder: Folder;

test.beforeEach(async ({ page }) => {
  test.setTimeout(240_000);
  folder = new Folder();
  server = await Server.start();
  await setUp(page, server);
  await new Api(page).good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
});

test.afterEach(async () => {
  folder.remove();
  await server?.end();
});

test('a folder is uploaded, interrupted, finished, changed, compared, brought back, deleted, recovered', async ({ page }) => {
  for (let i = 0; i < 200; i++) folder.write(`raw/people/${i}.csv`, `id,left\n${i},${i % 7 === 0}\n`);
  const events = noise('events', 60 * MB);
  folder.write('raw/events.bin', events);
  const line = new Line(page);

  await page.goto(`${server.url}/acme/churn`);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Data' }).click();
  await expect(page.getByRole('heading', { name: 'No datasets yet' })).toBeVisible();
  // Dropped where there is no dataset yet: it gets the folder's name.
  await drop(page, page.locator('.drop-zone'), [folder.at('raw')]);
  const making = page.getByRole('dialog', { name: 'New dataset' });
  await expect(making.getByText('201 files are uploaded next.')).toBeVisible();
  await expect(making.getByLabel('Name')).toHaveValue('raw');
  await making.getByLabel('Name').fill('Customers');
  await making.getByLabel('Labels').fill('crm, monthly');
  await making.getByRole('button', { name: 'Create dataset' }).click();
  await expect(page).toHaveURL(`${server.url}/acme/churn/data/customers`);

  const asking = page.getByRole('dialog', { name: 'Upload to Customers' });
  await expect(asking.getByText('201 files, 60 MB.')).toBeVisible();
  await asking.getByLabel('What is new?').fill('First export');
  line.cutAfter(3);
  await asking.getByRole('button', { name: 'Upload' }).click();
  const uploads = page.getByRole('region', { name: 'Uploads' });
  await expect(uploads.getByText(/ of 201 files · \d.* of 60 MB/)).toBeVisible();
  // It goes on on other pages.
  await page.getByRole('link', { name: 'Members' }).click();
  await expect(page.getByRole('heading', { name: 'Members' })).toBeVisible();
  await expect(uploads.getByText(/ of 201 files/)).toBeVisible();
  await line.isCut();
  // Paused, no more is sent than what was on its way.
  await uploads.getByRole('button', { name: 'Pause' }).click();
  await expect(uploads.getByText('Paused')).toBeVisible();
  line.mend();
  let paused = -1;
  // What was on its way arrives as fast as the disk takes it.
  await expect(async () => {
    const before = paused;
    paused = line.bytes;
    expect(paused).toBe(before);
  }).toPass({ intervals: [2_000], timeout: 20_000 });
  expect(paused).toBeLessThan(40 * MB);
  line.cutAfter(2);
  await uploads.getByRole('button', { name: 'Go on' }).click();
  await line.isCut();
  const before = line.bytes;
  expect(before).toBeGreaterThan(paused);
  expect(before).toBeGreaterThan(10 * MB);
  expect(before).toBeLessThan(50 * MB);

  // Leaving warns.
  const warned = page.waitForEvent('dialog').then((dialog) => (expect(dialog.type()).toBe('beforeunload'), dialog.accept()));
  await page.goto(`${server.url}/acme/churn/data/customers`);
  await warned;
  line.mend();
  const notice = page.getByRole('region', { name: 'Interrupted upload' });
  await expect(notice.getByText('Your upload of 201 files, 60 MB,')).toBeVisible();
  // What was dropped the browser still knows.
  await notice.getByRole('button', { name: 'Go on' }).click();
  await expect(asking.getByLabel('What is new?')).toHaveValue('First export');
  await asking.getByRole('button', { name: 'Upload' }).click();
  await expect(uploads.getByText('Version 1 is there')).toBeVisible({ timeout: 90_000 });
  // What was sent was not sent again.
  expect(line.bytes - before).toBeLessThan(60 * MB - before + 12 * MB);
  await expect(notice).toBeHidden();
  await expect(page.getByText('v1 · latest')).toBeVisible();

  // Files, folder by folder, with addresses of their own; and what comes back is what was sent.
  await page.getByRole('link', { name: 'raw', exact: true }).click();
  await page.getByRole('link', { name: 'people', exact: true }).click();
  await expect(page).toHaveURL(/\?path=raw%2Fpeople$/);
  await expect(page.getByText('0.csv', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('0.csv', { exact: true })).toBeVisible();
  await page.goBack();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download events.bin' }).click();
  expect(sha(await read(await download))).toBe(sha(events));
  const zip = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download folder as zip' }).click();
  expect((await read(await zip)).subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'));

  // Version 2 changes two files of the folder that is open.
  await expect(page).toHaveURL(/\?path=raw$/);
  const sent = line.bytes;
  const changed = folder.write('events.bin', Buffer.concat([events.subarray(0, 30 * MB), noise('new', MB), events.subarray(30 * MB)]));
  await drop(page, page.locator('.drop-zone'), [changed, folder.write('notes.txt', 'Fixed the dates')]);
  await expect(asking.getByText('They come into the folder raw.')).toBeVisible();
  await asking.getByLabel('What is new?').fill('Dates fixed');
  await asking.getByRole('button', { name: 'Upload' }).click();
  await expect(uploads.getByText('Version 2 is there')).toBeVisible({ timeout: 90_000 });
  expect(line.bytes - sent).toBeLessThan(10 * MB);

  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('row', { name: /raw\/events\.bin changed 60 MB 61 MB/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /raw\/notes\.txt added/ })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(3);

  // Restore, tag, and a version to the trash and back.
  const versions = page.getByRole('listitem').filter({ hasText: / added to storage/ });
  await page.getByRole('link', { name: /^Versions/ }).click();
  await expect(versions).toHaveCount(2);
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(versions).toHaveCount(3);
  await expect(versions.first()).toContainText('v1 brought back by Ada Lovelace');
  for (const number of [2, 3]) {
    await page.getByRole('button', { name: `Tags of version ${number}` }).click();
    const tags = page.getByRole('dialog', { name: `Tags of version ${number}` });
    await tags.getByLabel('Tag', { exact: true }).fill('production');
    await tags.getByRole('button', { name: `Set on v${number}` }).click();
    await expect(versions.filter({ hasText: 'production' })).toHaveCount(1);
    await expect(versions.filter({ hasText: 'production' })).toContainText(`v${number}`);
  }
  await page.getByRole('button', { name: 'Delete version 2' }).click();
  await expect(versions.filter({ hasText: 'in the trash until' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Recover version 2' }).click();
  await expect(versions.filter({ hasText: 'in the trash until' })).toHaveCount(0);

  // The dataset itself, too.
  await page.getByRole('navigation', { name: 'Parts of the dataset' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete dataset' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete dataset' }).click();
  await expect(page.getByRole('heading', { name: 'No datasets yet' })).toBeVisible();
  await page.getByLabel('Which datasets').selectOption('In the trash');
  await page.getByRole('button', { name: 'Recover Customers' }).click();
  await page.getByLabel('Which datasets').selectOption('In use');
  await expect(page.getByRole('row', { name: /Customers.*monthly.*v3.*production/ })).toBeVisible();
});

test('the server is killed in the middle of an upload, and comes back', async ({ page }) => {
  const content = noise('large', 40 * MB);
  folder.write('large.bin', content);
  const api = new Api(page);
  await api.good('POST', '/organizations/acme/projects/churn/datasets', { name: 'Events' });
  await page.goto(`${server.url}/acme/churn/data/events`);
  const line = new Line(page);
  line.cutAfter(4);
  await page.locator('input[aria-label="Upload files"]').first().setInputFiles(folder.at('large.bin'));
  await page.getByRole('dialog').getByRole('button', { name: 'Upload' }).click();
  await line.isCut();
  await server.kill();
  line.mend();
  const uploads = page.getByRole('region', { name: 'Uploads' });
  await expect(uploads.getByText('The server cannot be reached. It goes on by itself.')).toBeVisible();
  await server.again();
  await expect(uploads.getByText('Version 1 is there')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('v1 · latest')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download large.bin' }).click();
  expect(sha(await read(await download))).toBe(sha(content));

  // One that is cancelled leaves nothing.
  line.cutAfter(2);
  folder.write('other.bin', noise('other', 30 * MB));
  await page.locator('input[aria-label="Upload files"]').first().setInputFiles(folder.at('other.bin'));
  await page.getByRole('dialog').getByRole('button', { name: 'Upload' }).click();
  await line.isCut();
  await page.getByRole('button', { name: 'Cancel the upload to Events' }).last().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel upload' }).click();
  await expect(page.getByRole('button', { name: 'Cancel the upload to Events' })).toHaveCount(0);
  expect(await api.good('GET', '/organizations/acme/projects/churn/datasets/events/uploads')).toEqual([]);
  const { items } = await api.good('GET', '/organizations/acme/projects/churn/datasets/events/versions');
  expect(items).toHaveLength(1);
});

async function read(download: { path(): Promise<string> }): Promise<Buffer> {
  const { readFile } = await import('node:fs/promises');
  return readFile(await download.path());
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
