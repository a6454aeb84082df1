// The files of a project: browsed, shown, looked up in their past, compared, brought back, downloaded.

import { expect, test } from '@playwright/test';
import { saved } from './support/files.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;

test.beforeEach(async ({ page }) => {
  server = await Server.start();
  await setUp(page, server);
  await new Api(page).good('POST', '/organizations/acme/projects', { name: 'Churn', description: '' });
});

test.afterEach(async () => {
  await server?.end();
});

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC';

const code = (id: string, source: string, outputs: unknown[] = []) => ({ id, cell_type: 'code', execution_count: 1, metadata: {}, source, outputs });
const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text });
const notebook = (cells: unknown[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: 'python' } }, cells });

const FIRST = notebook([
  { id: 'title', cell_type: 'markdown', metadata: {}, source: '# Who leaves?\n\nSee [the notes](../notes.md#how) and ![chart](chart.png). $x^2$' },
  code('load', 'import pandas as pd\nframe = pd.read_csv("people.csv")', [stream('120 rows\n')]),
  code('table', 'frame', [{ output_type: 'execute_result', metadata: {}, data: { 'text/html': '<table class="dataframe"><tr><th>left</th></tr><tr><td>17</td></tr></table>', 'text/plain': 'left 17' } }]),
  code('plot', 'plot(frame)', [{ output_type: 'display_data', metadata: {}, data: { 'image/png': PIXEL, 'text/plain': '<Figure>' } }]),
  code('wrong', '1 / 0', [{ output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero', traceback: ['\u001b[31mZeroDivisionError\u001b[0m: division by zero'] }]),
  code('live', 'chart', [{ output_type: 'display_data', metadata: {}, data: { 'application/vnd.plotly.v1+json': {}, 'text/html': '<script>1</script>' } }]),
]);
const SECOND = notebook([
  { id: 'title', cell_type: 'markdown', metadata: {}, source: '# Who leaves?\n\nSee [the notes](../notes.md#how) and ![chart](chart.png). $x^2$' },
  code('plot', 'plot(frame)', [{ output_type: 'display_data', metadata: {}, data: { 'image/png': PIXEL, 'text/plain': '<Figure>' } }]),
  code('load', 'import pandas as pd\nframe = pd.read_csv("all-people.csv")', [stream('130 rows\n')]),
  code('table', 'frame', [stream('a table')]),
  code('live', 'chart', [{ output_type: 'display_data', metadata: {}, data: { 'application/vnd.plotly.v1+json': {}, 'text/html': '<script>1</script>' } }]),
  code('end', 'print("done")'),
]);

test('files are browsed, shown, compared cell by cell, and brought back', async ({ page }) => {
  test.setTimeout(150_000);
  const address = `${server.url}/acme/churn/files`;
  await page.goto(`${server.url}/acme/churn`);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Files' }).click();
  await expect(page.getByRole('heading', { name: 'No files yet' })).toBeVisible();

  // Whoever looks is told of what others save.
  const chart = Buffer.from(PIXEL, 'base64');
  await saved(page, 'First look', {
    'README.md': '# Churn\n\nBegin with [who leaves](notebooks/who%20leaves.ipynb). Or [read](https://example.org/x).',
    'notes.md': '# Notes\n\n## How\n\nSlowly.',
    'notebooks/who leaves.ipynb': FIRST,
    'notebooks/chart.png': chart,
    'src/étude.py': Array.from({ length: 80 }, (_, n) => `line_${n + 1} = ${n}\n`).join(''),
    'people.csv': `name,left\n"Ada, of London",no\n${'Bob,yes\n'.repeat(50_000)}`,
    'model.bin': Buffer.from([0, 1, 2, 3]),
    'empty.txt': '',
  });
  const entries = page.getByRole('region', { name: 'Files' });
  await expect(entries.getByRole('row', { name: /notebooks v1 · First look Ada Lovelace/ })).toBeVisible();
  // A folder tells about itself, and its links lead on.
  const readme = page.frameLocator('iframe[title="Content of README.md"]');
  await expect(readme.getByRole('heading', { name: 'Churn' })).toBeVisible();
  await readme.getByRole('link', { name: 'read' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave Atelier?' });
  await expect(leaving.getByText('https://example.org/x')).toBeVisible();
  await leaving.getByRole('button', { name: 'Cancel' }).click();
  await readme.getByRole('link', { name: 'who leaves' }).click();
  await expect(page).toHaveURL(`${address}/file?path=notebooks%2Fwho%20leaves.ipynb`);

  // A notebook with its outputs.
  const shown = page.frameLocator('iframe.viewer');
  await expect(shown.getByRole('heading', { name: 'Who leaves?' })).toBeVisible();
  await expect(shown.locator('math')).toHaveCount(1);
  await expect(shown.getByText('120 rows')).toBeVisible();
  await expect(shown.getByRole('cell', { name: '17' })).toBeVisible();
  await expect(shown.locator('.outputs img')).toHaveJSProperty('naturalWidth', 8);
  // A picture of the same folder, which the page fetched.
  await expect(shown.getByRole('img', { name: 'chart' })).toHaveJSProperty('naturalWidth', 8);
  await expect(shown.getByText('ZeroDivisionError: division by zero')).toBeVisible();
  await expect(shown.getByText('An interactive Plotly chart. It is drawn in a session, not here.')).toBeVisible();
  await expect(page.getByText(/^v1 · Ada Lovelace, .* · First look$/)).toBeVisible();
  await shown.getByRole('link', { name: 'the notes' }).click();
  await expect(page).toHaveURL(`${address}/file?path=notes.md`);
  await expect(shown.getByRole('heading', { name: 'How' })).toBeVisible();

  // By keyboard through a folder.
  await page.goto(address);
  await entries.getByRole('link', { name: 'notebooks' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(entries.getByRole('link', { name: 'notes.md' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${address}?path=notebooks`);
  await page.goto(address);
  await page.getByLabel('Search this folder').fill('.bin');
  await expect(entries.getByRole('row')).toHaveCount(2);
  await entries.getByRole('link', { name: 'model.bin' }).click();
  await expect(page.getByText('Files of the kind BIN are not shown here (4 B). Download it instead.')).toBeVisible();

  // Code, with a link to a line of it.
  await page.goto(`${address}/file?path=src%2F%C3%A9tude.py&line=70`);
  await expect(shown.getByText('line_70 = 69')).toBeInViewport();
  await expect(shown.locator('.mark')).toBeVisible();
  await shown.locator('.numbers a').nth(2).click();
  await expect(page).toHaveURL(/&line=3$/);
  // A table, of which the beginning is fetched.
  await page.goto(`${address}/file?path=people.csv`);
  await expect(shown.getByRole('cell', { name: 'Ada, of London' })).toBeVisible();
  await expect(page.getByText(/This is the beginning. The whole file has 391 KB/)).toBeVisible();
  await page.goto(`${address}/file?path=empty.txt`);
  await expect(page.getByText('This file is not in this version.')).toBeHidden();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('empty.txt');

  // Another version, and what it changed.
  await saved(page, 'All people', { 'notebooks/who leaves.ipynb': SECOND, 'src/étude.py': 'line_1 = 0\nline_2 = 2\n' });
  await page.goto(`${address}/history?path=notebooks%2Fwho%20leaves.ipynb`);
  const versions = page.getByRole('listitem').filter({ hasText: 'Ada Lovelace' });
  await expect(versions).toHaveCount(2);
  await expect(versions.nth(0)).toContainText('All people');
  await expect(versions.nth(1)).toContainText('First look');
  await page.getByRole('link', { name: 'Changes of version 2' }).click();
  await expect(page).toHaveURL(`${address}/compare?from=1&to=2&path=notebooks%2Fwho%20leaves.ipynb`);
  await expect(shown.locator('section.changed')).toHaveCount(1);
  await expect(shown.locator('section.changed tr.added')).toContainText('all-people.csv');
  await expect(shown.locator('section.added')).toContainText('print("done")');
  await expect(shown.locator('section.removed')).toContainText('1 / 0');
  await expect(shown.getByText('moved', { exact: true })).toHaveCount(1);
  // Outputs are apart, and folded.
  await expect(shown.getByText('130 rows')).toHaveCount(0);
  await shown.locator('section.changed').getByText('Outputs changed').click();
  await expect(shown.getByText('120 rows')).toBeVisible();
  await expect(shown.getByText('130 rows')).toBeVisible();
  await page.getByRole('link', { name: 'All changes' }).click();
  await page.getByRole('link', { name: 'src/étude.py' }).click();
  await expect(shown.locator('tr.added')).toContainText('line_2 = 2');

  // One file as it was: the others stay.
  await page.goto(`${address}/file?path=src%2F%C3%A9tude.py&v=1`);
  await expect(page.getByText(/You are looking at version 1/)).toBeVisible();
  await page.getByRole('button', { name: 'Restore this file as in version 1' }).click();
  const asking = page.getByRole('dialog');
  await expect(asking.getByLabel('What is new?')).toHaveValue('étude.py as in version 1');
  await asking.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('étude.py is as it was, in version 3')).toBeVisible();
  await page.goto(`${address}/file?path=src%2F%C3%A9tude.py`);
  await expect(shown.getByText('line_70 = 69')).toBeVisible();
  await page.goto(`${address}/file?path=notebooks%2Fwho%20leaves.ipynb`);
  await expect(shown.getByText('130 rows')).toBeVisible();
  // All of them as they were.
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await asking.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Version 4 has the files of version 1')).toBeVisible();
  await page.goto(`${address}/file?path=notebooks%2Fwho%20leaves.ipynb`);
  await expect(shown.getByText('120 rows')).toBeVisible();

  // A folder, as a zip.
  await page.goto(`${address}?path=src`);
  const zip = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download folder as zip' }).click();
  expect((await zip).suggestedFilename()).toBe('src.zip');
});
