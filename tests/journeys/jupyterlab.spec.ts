// JupyterLab works completely through the proxy, without the internet: terminal, widgets, files, plots.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, type Page, test } from '@playwright/test';
import config from './playwright.config.js';
import { isThere, launch, newNotebook, openLab, PATIENCE, run, runCell } from './support/lab.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

const MEBIBYTE = 1 << 20;

// Nothing but this server has an address.
const { args = [], ...options } = config.use?.launchOptions ?? {};
const only = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost';
test.use({ launchOptions: { ...options, args: [...args, only] } });

let server: Server;
let lab: Page;
/** The page that opened JupyterLab. */
let api: Api;
/** What the pages asked of anybody but this server. */
const outside: string[] = [];
let folder: string;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  folder = mkdtempSync(join(tmpdir(), 'atelier-files-'));
  server = await Server.start();
  const context = await browser.newContext();
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && !hostname.endsWith('.localhost')) outside.push(request.url());
  });
  const page = await context.newPage();
  await setUp(page, server);
  api = new Api(page);
  await api.good('POST', '/organizations/acme/projects', { name: 'Churn' });
  const tiers = await api.good('GET', '/organizations/acme/tiers');
  const { id: tier } = tiers.find(({ name }: { name: string }) => name === 'Small');
  const wish = { environment: 'python-data-science', tool: 'jupyterlab', tier };
  const session = await api.good('POST', '/organizations/acme/projects/churn/sessions', wish);
  await page.goto(`${server.url}/acme/churn/sessions/${session.id}`);
  await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: 240_000 });
  lab = await openLab(page);
});

test.afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await server?.end();
});

test('a terminal runs commands and shows what they print', async () => {
  test.setTimeout(3 * PATIENCE);
  // What it shows is painted on a canvas; with this setting it is text as well.
  await setting(lab, '@jupyterlab/terminal-extension:plugin', { screenReaderMode: true });
  await lab.reload();
  await isThere(lab);
  await launch(lab, 'Other', 'Terminal');
  const screen = lab.locator('.jp-Terminal .xterm-accessibility');
  await expect(screen).toContainText('$', { timeout: PATIENCE });
  await lab.locator('.jp-Terminal .xterm-helper-textarea').focus();
  await lab.keyboard.type('echo "sum: $((20 + 22))"; whoami; pwd\n');
  for (const line of ['sum: 42', 'atelier', '/work']) await expect(screen).toContainText(line);
});

test('a slider changes a value in the kernel, and the kernel answers', async () => {
  test.setTimeout(3 * PATIENCE);
  await newNotebook(lab);
  await run(lab, SLIDER);
  await expect(lab.getByText('kernel has nothing', { exact: true })).toBeVisible({ timeout: PATIENCE });
  const handle = lab.locator('.widget-slider .noUi-handle');
  await handle.focus();
  for (let presses = 0; presses < 4; presses++) await lab.keyboard.press('ArrowRight');
  await expect(lab.getByText('kernel has 7', { exact: true })).toBeVisible();
  await runCell(lab, 'print("the value is", trees.value)', 'the value is 7');
});

test('a notebook saves a model, and loads it again', async () => {
  test.setTimeout(3 * PATIENCE);
  await newNotebook(lab);
  const train = `import atelier
from sklearn.linear_model import LogisticRegression
classifier = LogisticRegression().fit([[0], [1], [2], [3]], [0, 0, 1, 1])
first = atelier.model("churn").save(classifier, {"accuracy": classifier.score([[0], [3]], [0, 1])}, "First", tag="champion")
print(f"saved v{first.number} with {first.metrics}")`;
  await runCell(lab, train, "saved v1 with {'accuracy': 1.0}");
  await runCell(lab, 'print("it says", atelier.model("churn@champion").load().predict([[3]]))', 'it says [1]');
  // The server knows where it was made, without being told.
  const [version] = (await api.good('GET', '/organizations/acme/projects/churn/models/churn/versions')).items;
  expect(version).toMatchObject({ origin: 'session', tags: ['champion'], metrics: { accuracy: 1 } });
  expect(version.provenance.environment).toBe('python-data-science');
  expect(version.provenance.image).toMatch(/^sha256:/);
  const names = (await api.good('GET', '/organizations/acme/projects/churn/models/churn/versions/1/files')).items;
  expect(names.map(({ name }: { name: string }) => name)).toEqual(['atelier.json', 'model.joblib']);
});

test('plots of matplotlib, altair and plotly are drawn', async () => {
  test.setTimeout(3 * PATIENCE);
  await newNotebook(lab);
  const notebook = lab.locator('.jp-Notebook:visible');
  await run(lab, 'import matplotlib.pyplot as plt; plt.plot([1, 4, 9]); plt.show()');
  const picture = notebook.locator('.jp-RenderedImage img');
  await expect(picture).toBeVisible({ timeout: PATIENCE });
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);

  await run(lab, ALTAIR);
  const bars = notebook.locator('.jp-RenderedVegaCommon svg .mark-rect path');
  await expect(bars).toHaveCount(3, { timeout: PATIENCE });

  await run(lab, 'import plotly.express as px; px.bar(x=["a", "b"], y=[3, 5], title="By letter").show()');
  await expect(notebook.locator('.js-plotly-plot .bars path')).toHaveCount(2, { timeout: PATIENCE });
  await expect(notebook.locator('.js-plotly-plot').getByText('By letter')).toBeVisible();
});

for (const [size, tag] of [[100, []], [1024, '@long']] as const) {
  test(`a file of ${size} MiB goes up and comes down unchanged`, { tag }, async () => {
    test.setTimeout(size * 1_500 + 3 * PATIENCE);
    const name = `random-${size}.bin`;
    const path = join(folder, name);
    await pipeline(noise(size), createWriteStream(path));
    const hash = await digest(path);

    const choosing = lab.waitForEvent('filechooser');
    await lab.locator('[data-jp-item-name="uploader"] jp-button').click();
    await (await choosing).setFiles(path);
    // Large files are asked about.
    await lab.getByRole('dialog').getByRole('button', { name: 'Upload' }).click();
    await expect.poll(() => sizeOf(lab, name), { timeout: size * 1_000 }).toBe(size * MEBIBYTE);

    await newNotebook(lab);
    await runCell(lab, `import hashlib; print(hashlib.file_digest(open("${name}", "rb"), "sha256").hexdigest())`, hash);

    const coming = lab.waitForEvent('download', { timeout: PATIENCE });
    await lab.getByRole('listitem', { name }).click({ button: 'right' });
    await lab.getByRole('menuitem', { name: 'Download', exact: true }).click();
    const download = await coming;
    await download.saveAs(`${path}.back`);
    expect(await digest(`${path}.back`)).toBe(hash);
  });
}

test('nothing was asked of the internet', () => {
  expect(outside).toEqual([]);
});

const SLIDER = `
import ipywidgets as widgets
trees = widgets.IntSlider(value=3, max=10, description="Trees")
seen = widgets.Label("kernel has nothing")
trees.observe(lambda change: setattr(seen, "value", f"kernel has {change.new}"), "value")
display(trees, seen)
`.trim();

const ALTAIR = `
import altair as alt, pandas as pd
data = pd.DataFrame({"letter": list("abc"), "count": [3, 5, 2]})
alt.Chart(data).mark_bar().encode(x="letter", y="count", color="letter").interactive()
`.trim();

async function* noise(mebibytes: number): AsyncGenerator<Buffer> {
  for (let written = 0; written < mebibytes; written++) yield randomBytes(MEBIBYTE);
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A file's size in the session, if it is there. */
async function sizeOf(lab: Page, name: string): Promise<number | undefined> {
  return lab.evaluate(async (name) => {
    const answer = await fetch(`/api/contents/${name}?content=0`);
    return answer.ok ? (await answer.json()).size : undefined;
  }, name);
}

/** Changes a setting of JupyterLab as its own settings editor does. */
async function setting(lab: Page, id: string, value: unknown): Promise<void> {
  const status = await lab.evaluate(
    async ({ id, raw }) => {
      const token = /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const headers = { 'content-type': 'application/json', 'x-xsrftoken': token };
      return (await fetch(`/lab/api/settings/${id}`, { method: 'PUT', headers, body: JSON.stringify({ raw }) })).status;
    },
    { id, raw: JSON.stringify(value) },
  );
  expect(status).toBe(204);
}
