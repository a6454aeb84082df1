// Data of the size that people have, from the page into a notebook and back: on what is built in, and on what a larger
// team moves to.

import { expect, test } from '@playwright/test';
import { drop, Folder, noise } from './support/files.js';
import { newNotebook, openLab, runCell } from './support/lab.js';
import { Line } from './support/line.js';
import { Api, setUp } from './support/people.js';
import { newDatabase } from './support/postgres.js';
import { S3 } from './support/s3.js';
import { Server } from './support/server.js';

const MB = 1 << 20;
const FILES = 2000;
const PATIENCE = 600_000;

for (const [where, embedded] of [['SQLite and a folder', true], ['PostgreSQL and S3', false]] as const) {
  test(`2,000 files and one of 500 MB go into a session and come back as version 2, on ${where}`, { tag: '@long' }, async ({ page }) => {
    test.setTimeout(3 * PATIENCE);
    const folder = new Folder();
    const s3 = embedded ? undefined : await S3.start();
    const settings = s3 ? { ...s3.environment, ATELIER_DATABASE_URL: newDatabase() } : {};
    const server = await Server.start({ settings });
    try {
      await setUp(page, server);
      await new Api(page).good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
      for (let i = 0; i < FILES; i++) folder.write(`raw/people/${i}.csv`, `id,left\n${i},${i % 7 === 0}\n`);
      folder.write('raw/events.bin', Buffer.concat(Array.from({ length: 10 }, (_, n) => noise(`events ${n}`, 50 * MB))));
      const line = new Line(page);

      await page.goto(`${server.url}/acme/churn/data`);
      await drop(page, page.locator('.drop-zone'), [folder.at('raw')]);
      const making = page.getByRole('dialog', { name: 'New dataset' });
      await making.getByLabel('Name').fill('Customers', { timeout: PATIENCE });
      await making.getByRole('button', { name: 'Create dataset' }).click();
      const asking = page.getByRole('dialog', { name: 'Upload to Customers' });
      await asking.getByLabel('What is new?').fill('First export');
      line.cutAfter(30);
      await asking.getByRole('button', { name: 'Upload' }).click();
      const uploads = page.getByRole('region', { name: 'Uploads' });
      await expect(uploads.getByText(/ of 2,001 files · \d.* of 500 MB/)).toBeVisible();
      await line.isCut();
      const before = line.bytes;

      // In the middle, the page is loaded again.
      page.once('dialog', (dialog) => dialog.accept());
      await page.goto(`${server.url}/acme/churn/data/customers`);
      line.mend();
      const notice = page.getByRole('region', { name: 'Interrupted upload' });
      await notice.getByRole('button', { name: 'Go on' }).click();
      await asking.getByRole('button', { name: 'Upload' }).click();
      await expect(uploads.getByText('Version 1 is there')).toBeVisible({ timeout: PATIENCE });
      expect(line.bytes - before).toBeLessThan(500 * MB - before + 12 * MB);

      await page.goto(`${server.url}/acme/churn/sessions/new`);
      await page.getByRole('button', { name: 'Start JupyterLab' }).click();
      await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: PATIENCE });
      const lab = await openLab(page);
      await newNotebook(lab);
      await runCell(lab, 'import os; print("read", len(os.listdir("/data/customers/raw/people")), os.path.getsize("/data/customers/raw/events.bin") >> 20)', 'read 2000 500');
      await runCell(lab, 'import atelier; people = atelier.dataset("customers").pandas("raw/people"); print("rows", len(people))', 'rows 2000');
      await runCell(lab, 'v = atelier.dataset("customers").commit(people[people.left], "Who left", name="raw/left.csv"); print("made", v.number)', 'made 2');
      await lab.close();

      await page.goto(`${server.url}/acme/churn/data/customers/compare`);
      await expect(page.getByRole('row', { name: /raw\/left\.csv added/ })).toBeVisible();
      await expect(page.getByRole('row')).toHaveCount(2);
    } finally {
      folder.remove();
      await server.end();
      s3?.end();
    }
  });
}
