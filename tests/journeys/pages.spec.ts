// Every page in light and dark, in English and French, on a desktop and on a phone: axe finds nothing, and
// nothing sticks out to the side. What each looked like is left in target/journeys, to be looked at.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { saved } from './support/files.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

const SIGNED_OUT = ['/sign-in', '/set-up', '/invitation/absent', '/password-reset/absent'];
const ORGANIZATION = ['', '/cost', '/absent'];
const ADMINISTRATION = ['people', 'groups', 'roles', 'cost', 'running', 'sizes', 'storage', 'environments', 'settings'];
const PROJECT = ['', '/sessions', '/sessions/new', '/members', '/cost', '/settings'];
const DATA = ['', '?which=trash', '/customers', '/customers?path=raw', '/customers/v1', '/customers/versions'];
const MORE_DATA = ['/customers/compare', '/customers/access', '/customers/settings', '/empty', '/absent', '/customers/v99'];
const MODELS = ['', '?which=trash', '?metric=loss', '/churn', '/churn/files', '/churn/v1', '/churn/compare'];
const MORE_MODELS = ['/churn/compare?from=1&to=2&versions=1,2', '/churn/settings', '/empty', '/absent'];

const NOTEBOOK = 'path=notebooks%2Fchurn.ipynb';
const FILES = ['', '?path=notebooks', '?v=1', `/file?${NOTEBOOK}`, `/file?${NOTEBOOK}&v=1`, '/file?path=src%2Fmodel.py&line=3'];
const SHOWN = ['/file?path=people.csv', '/file?path=README.md', '/file?path=model.bin', '/file?path=absent.txt'];
const PAST = [`/history?${NOTEBOOK}`, '/history?path=absent', '/versions', '/compare', `/compare?from=1&to=2&${NOTEBOOK}`];
const RESTRICTED = ['/readers', '?path=src'];

const RESULTS = ['', '/file?path=scores.csv', '/history?path=scores.csv', '/versions', '/compare'];

// Each worker has a server of its own.
test.describe.configure({ mode: 'parallel' });

let server: Server;
let state: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;
let session: string;
let group: string;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  server = await Server.start({ testTool: true });
  const page = await browser.newPage();
  await setUp(page, server);
  const api = new Api(page);
  const project = '/organizations/acme/projects';
  await api.good('POST', project, { name: 'Churn', description: 'Who leaves, and why?' });
  const { id } = await api.good('GET', '/me');
  group = (await api.good('POST', '/organizations/acme/groups', { name: 'Data team', description: 'Models' })).id;
  await api.good('POST', `/organizations/acme/groups/${group}/people`, { person: id });
  await api.good('POST', `${project}/churn/groups`, { group, role: 'annotator' });
  const [tier] = await api.good('GET', '/organizations/acme/tiers');
  const wish = { environment: 'test-tool', tool: 'test-tool', tier: tier.id };
  await api.good('POST', '/me/tokens', { name: 'Nightly export', scope: 'read', days: 30 });
  session = (await api.good('POST', `${project}/churn/sessions`, wish)).id;
  await page.goto(`${server.url}/acme/churn/sessions/${session}`);
  await expect(page.getByRole('button', { name: /^Open/ })).toBeVisible({ timeout: 60_000 });
  await data(api, `${project}/churn/datasets`);
  await models(api, `${project}/churn/models`);
  await results(api, `${project}/churn/results`);
  await api.good('POST', project, { name: 'Empty' });
  await files(page);
  const readers = { only: true, allow: [{ role: 'data-engineer' }, { group }] };
  await api.good('POST', `${project}/churn/files/restrictions`, { path: 'src', readers });
  await api.good('PATCH', '/organizations/acme/storage', { price_per_gb_month: 20_000 });
  await api.good('PUT', '/organizations/acme/storage/quotas/churn', { bytes: 1_000 });
  state = await page.context().storageState();
  await page.close();
});

test.afterAll(async () => {
  await server?.end();
});

const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['en', 'fr']) {
    for (const screen of ['desktop', 'phone'] as const) {
      // Each scheme, language and screen in every run; each with each of the others in the long one.
      const alike = new Set([colorScheme === 'dark', language === 'fr', screen === 'phone']).size === 1;
      test(`${screen}, ${colorScheme}, ${language}`, { tag: alike ? [] : '@long' }, async ({ browser }) => {
        test.setTimeout(300_000);
        const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
        const options = { ...SCREENS[screen], colorScheme, locale };

        const outside = await browser.newContext(options);
        await visit(await outside.newPage(), SIGNED_OUT, language);
        await outside.close();

        const inside = await browser.newContext({ ...options, storageState: state });
        const page = await inside.newPage();
        await page.goto(`${server.url}/profile`);
        await new Api(page).good('PATCH', '/me', { language });
        const pages = [
          '/?choose',
          '/profile',
          '/profile/tokens',
          ...ORGANIZATION.map((path) => `/acme${path}`),
          ...ADMINISTRATION.map((path) => `/acme/admin/${path}`),
          `/acme/admin/groups/${group}`,
          ...PROJECT.map((path) => `/acme/churn${path}`),
          `/acme/churn/sessions/${session}`,
          '/acme/churn/sessions/absent',
          ...[...FILES, ...SHOWN, ...PAST, ...RESTRICTED].map((path) => `/acme/churn/files${path}`),
          '/acme/empty/files',
          ...RESULTS.map((path) => `/acme/churn/results${path}`),
          '/acme/empty/results',
          ...[...DATA, ...MORE_DATA].map((path) => `/acme/churn/data${path}`),
          ...[...MODELS, ...MORE_MODELS].map((path) => `/acme/churn/models${path}`),
        ];
        await visit(page, pages, language);
        await inside.close();
      });
    }
  }
}

/** A dataset with two versions and an upload that was interrupted, one with nothing in it, one in the trash. */
async function data(api: Api, datasets: string): Promise<void> {
  const labels = ['crm', 'monthly'];
  const customers = `${datasets}/customers`;
  await api.good('POST', datasets, { name: 'Customers', description: 'One line for each customer', labels });
  for (const [message, content] of [['First export', 'id,left\n1,true\n'], ['Dates fixed', 'id,left\n1,false\n']]) {
    const paths = ['raw/customers.csv', 'notes.txt', ...(message === 'First export' ? [] : ['raw/new.csv'])];
    await api.version(customers, Object.fromEntries(paths.map((path) => [path, content])), { message });
  }
  await api.good('PUT', `${customers}/tags/production`, { number: 2 });
  await api.good('POST', `${customers}/uploads`, {});
  await api.good('POST', datasets, { name: 'Empty' });
  await api.good('POST', datasets, { name: 'Old' });
  await api.good('DELETE', `${datasets}/old`);
}

/** Results in three versions, one of them in the trash. */
async function results(api: Api, results: string): Promise<void> {
  for (const [message, auc] of [['First forest', 0.81], ['Deeper', 0.93], ['Too deep', 0.71]]) {
    await api.version(results, { 'scores.csv': `fold,auc\n1,${auc}\n`, 'plots/roc.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' }, { message });
  }
  await api.good('PATCH', `${results}/versions/3`, { trashed: true });
}

/** Files of all kinds in two versions. */
async function files(page: Page): Promise<void> {
  const cell = (id: string, source: string, outputs: object[]) => ({ id, cell_type: 'code', execution_count: 1, source, outputs });
  const notebook = (source: string, rows: number) => {
    const table = `<table class="dataframe"><thead><tr><th></th><th>left</th></tr></thead><tbody><tr><th>0</th><td>${rows}</td></tr></tbody></table>`;
    const cells = [
      { id: 'a', cell_type: 'markdown', source: '# Who leaves?\n\nWith $x^2$ and `code`:\n\n| a | b |\n| - | - |\n| 1 | 2 |' },
      cell('b', source, [{ output_type: 'stream', name: 'stdout', text: `${rows} rows` }]),
      cell('c', 'frame', [{ output_type: 'display_data', data: { 'text/html': table } }]),
      cell('d', '1 / 0', [{ output_type: 'error', traceback: ['\u001b[31mZeroDivisionError\u001b[0m: division by zero'] }]),
      cell('e', 'print(1)', []),
    ];
    return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: 'python' } }, cells });
  };
  await saved(page, 'First look', {
    'README.md': '# Churn\n\nBegin with [the notebook](notebooks/churn.ipynb).\n\n- one\n- two\n',
    'notebooks/churn.ipynb': notebook('frame = load("people.csv")', 120),
    'src/model.py': 'import os\n\n\nclass Model:\n    """What it learns."""\n\n    def fit(self, x: int) -> None:\n        self.x = x + 1  # once\n',
    'people.csv': `name,left,spent\n${Array.from({ length: 30 }, (_, n) => `"Person, ${n}",${n % 2 === 0},${n * 10}.5`).join('\n')}\n`,
    'model.bin': Buffer.from([0, 1, 2, 3]),
  });
  await saved(page, 'All people', { 'notebooks/churn.ipynb': notebook('frame = load("all-people.csv")', 130) });
}

/** A model with two versions, one with none, one in the trash. */
async function models(api: Api, models: string): Promise<void> {
  const [churn, labels] = [`${models}/churn`, ['trees']];
  await api.good('POST', models, { name: 'Churn', description: 'Who leaves within a year?', labels });
  for (const [number, auc] of [[1, 0.912], [2, 0.934]]) {
    await api.version(churn, { 'model.joblib': `${auc}`, 'atelier.json': '{}' }, {
      message: number === 1 ? 'Logistic regression' : 'Gradient boosting',
      metrics: { auc, loss: 1 - auc, 'rows of the test': 48_211 },
      parameters: { depth: `${number}`, solver: 'lbfgs' },
      datasets: [{ dataset: 'customers', number }],
    });
  }
  await api.good('PUT', `${churn}/tags/champion`, { number: 2 });
  await api.good('POST', models, { name: 'Empty' });
  await api.good('POST', models, { name: 'Old' });
  await api.good('DELETE', `${models}/old`);
}

async function visit(page: Page, paths: string[], language: string): Promise<void> {
  for (const path of paths) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByRole('heading').first(), path).toBeVisible();
    await expect(page.locator('[aria-busy=true]'), path).toHaveCount(0);
    await expect(page.locator('html'), path).toHaveAttribute('lang', language);
    // The quicker way looks into no frames.
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(page.frames().length === 1)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html)}`);
    expect.soft(found, path).toEqual([]);
    const name = `${path.replace(/[/?]+/g, '_').slice(0, 60)}.png`;
    await page.screenshot({ path: test.info().outputPath(name), fullPage: true });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(beyond, `${path} is wider than the window`).toBeLessThanOrEqual(0);
  }
}
