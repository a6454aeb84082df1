// From a folder on somebody's machine to results, a model and the next version, and to what a second person changes
// meanwhile: on what is built in, and at the size that people have also on what a larger team moves to.

import { expect, type Page, test } from '@playwright/test';
import { drop, Folder, noise, saved } from './support/files.js';
import { newNotebook, openLab, runCell, save } from './support/lab.js';
import { Line } from './support/line.js';
import { Api, join, setUp } from './support/people.js';
import { newDatabase } from './support/postgres.js';
import { S3 } from './support/s3.js';
import { Server } from './support/server.js';

const MB = 1 << 20;
const PATIENCE = 600_000;

const CASES = [
  { title: '20 files and one of 20 MB, on SQLite and a folder', files: 20, megabytes: 20, embedded: true, tag: [] },
  { title: '2,000 files and one of 500 MB, on SQLite and a folder', files: 2000, megabytes: 500, embedded: true, tag: ['@long'] },
  { title: '2,000 files and one of 500 MB, on PostgreSQL and S3', files: 2000, megabytes: 500, embedded: false, tag: ['@long'] },
];

for (const { title, files, megabytes, embedded, tag } of CASES) {
  test(`data becomes results, a model and the next version: ${title}`, { tag }, async ({ page, browser }) => {
    test.setTimeout(3 * PATIENCE);
    const folder = new Folder();
    const s3 = embedded ? undefined : await S3.start();
    const settings = s3 ? { ...s3.environment, ATELIER_DATABASE_URL: newDatabase() } : {};
    const server = await Server.start({ settings });
    try {
      await setUp(page, server);
      const api = new Api(page);
      await api.good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
      for (let i = 0; i < files; i++) folder.write(`raw/people/${i}.csv`, `id,left\n${i},${i % 7 === 0}\n`);
      const parts = Array.from({ length: 10 }, (_, n) => noise(`events ${n}`, (megabytes / 10) * MB));
      folder.write('raw/events.bin', Buffer.concat(parts));
      const line = new Line(page);
      await page.goto(`${server.url}/acme/churn/data`);
      await drop(page, page.locator('.drop-zone'), [folder.at('raw')]);
      const making = page.getByRole('dialog', { name: 'New dataset' });
      await making.getByLabel('Name').fill('Customers', { timeout: PATIENCE });
      await making.getByRole('button', { name: 'Create dataset' }).click();
      const asking = page.getByRole('dialog', { name: 'Upload to Customers' });
      await asking.getByLabel('What is new?').fill('First export');
      line.cutAfter(megabytes > 100 ? 30 : 2);
      await asking.getByRole('button', { name: 'Upload' }).click();
      const uploads = page.getByRole('region', { name: 'Uploads' });
      const count = (files + 1).toLocaleString('en-GB');
      await expect(uploads.getByText(new RegExp(` of ${count} files · \\d.* of ${megabytes} MB`))).toBeVisible();
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
      expect(line.bytes - before).toBeLessThan(megabytes * MB - before + 12 * MB);

      await page.goto(`${server.url}/acme/churn/sessions/new`);
      await page.getByRole('button', { name: 'Start JupyterLab' }).click();
      await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: PATIENCE });
      const lab = await openLab(page);
      await newNotebook(lab);
      await runCell(lab, 'import os; print("read", len(os.listdir("/data/customers/raw/people")), os.path.getsize("/data/customers/raw/events.bin") >> 20)', `read ${files} ${megabytes}`);
      await runCell(lab, 'import atelier; people = atelier.dataset("customers").pandas("raw/people"); print("rows", len(people))', `rows ${files}`);
      await runCell(lab, 'print("wrote", open("/results/scores.csv", "w").write("auc\\n0.9\\n"))', 'wrote 8');
      await runCell(lab, 'm = atelier.model("churn").save({"cut": 0.5}, metrics={"auc": 0.9}, note="A rule"); print("model", m.number)', 'model 1');
      await runCell(lab, 'v = atelier.dataset("customers").commit(people[people.left], "Who left", name="raw/left.csv"); print("made", v.number)', 'made 2');
      await save(lab, 'Untitled.ipynb', 'made 2');

      const address = `${server.url}/acme/churn`;
      const other = await page.context().newPage();
      await other.goto(`${address}/data/customers/compare`);
      await expect(other.getByRole('row', { name: /raw\/left\.csv added/ })).toBeVisible();
      await expect(other.getByRole('row')).toHaveCount(2);

      // Each save is a version of the notebook.
      await savedAs(page, 'First look', 1);
      await runCell(lab, 'print("plan", open("/work/plan.md", "w").write("Ask the regulars\\n"))', 'plan 17');
      await save(lab, 'Untitled.ipynb', 'plan 17');
      // Somebody else has written the same file by now.
      const bob = await join(browser, api, { name: 'Bob Hopper', email: 'bob@acme.test', role: 'member', project: 'churn', projectRole: 'data-scientist' });
      await saved(bob.page, 'The plan of Bob', { 'plan.md': 'Ask those who left\n' });
      await savedAs(page, 'With a plan', 3);
      const kept = page.getByRole('status').filter({ hasText: 'Nothing is lost' });
      await expect(kept.getByText(/^plan\.md is theirs; yours is /)).toBeVisible();
      const mine = (await kept.getByRole('listitem').innerText()).replace(/^.*yours is /, '');
      expect(mine).toMatch(/Ada Lovelace/);
      await lab.close();
      await bob.page.goto(`${address}/files`);
      for (const [name, text] of [['plan.md', 'Ask those who left'], [mine, 'Ask the regulars']]) {
        await bob.page.goto(`${address}/files/file?path=${encodeURIComponent(name)}`);
        await expect(bob.page.frameLocator('iframe.viewer').getByText(text)).toBeVisible();
      }

      await other.goto(`${address}/files/history?path=Untitled.ipynb`);
      const saves = other.getByRole('listitem').filter({ hasText: 'Ada Lovelace' });
      await expect(saves).toHaveCount(2);
      await expect(saves.nth(0)).toContainText('With a plan');
      await expect(saves.nth(1)).toContainText('First look');
      await other.getByRole('link', { name: 'Changes of version 3' }).click();
      await expect(other.frameLocator('iframe.viewer').locator('section.added').filter({ hasText: 'plan.md' })).toBeVisible();
      await other.goto(`${address}/files/file?path=Untitled.ipynb&v=1`);
      await other.getByRole('button', { name: 'Restore this file as in version 1' }).click();
      await other.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
      await expect(other.getByText('Untitled.ipynb is as it was, in version 4')).toBeVisible();

      // What it wrote is results of the project, and a model, which say what they were made of.
      await other.goto(`${address}/results`);
      await other.getByRole('link', { name: 'Versions' }).click();
      await expect(other.getByText(/^made of customers v1 · /).first()).toBeVisible({ timeout: PATIENCE });
      await other.goto(`${address}/models/churn`);
      await expect(other.getByText('A rule').first()).toBeVisible();
    } finally {
      folder.remove();
      await server.end();
      s3?.end();
    }
  });
}

/** Saves the files of the session that the page shows. */
async function savedAs(page: Page, message: string, version: number): Promise<void> {
  const card = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'Files of the project' }) });
  await card.getByLabel('What is new?').fill(message);
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText(new RegExp(`^Version ${version} was saved`))).toBeVisible({ timeout: PATIENCE });
}
