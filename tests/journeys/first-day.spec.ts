// A team's first day: from the set-up link to the bill.

import { expect, test } from '@playwright/test';
import { times } from './support/docker.js';
import { openLab, openNotebook, PATIENCE, runAll, runCell, save, stop } from './support/lab.js';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server?.end();
});

test('set-up, JupyterLab, a model, a package, and the bill', async ({ page, context }) => {
  test.setTimeout(300_000);
  await setUp(page, server, { sample: true });
  const api = new Api(page);
  await page.getByRole('link', { name: 'Handwritten digits' }).click();

  await test.step('start JupyterLab', async () => {
    await page.getByRole('link', { name: 'Start session' }).first().click();
    await expect(page.getByRole('heading', { name: 'Start a session' })).toBeVisible();
    await page.getByRole('radio', { name: /Small/ }).check();
    await page.getByRole('button', { name: 'Start JupyterLab' }).click();
    await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: PATIENCE });
  });
  const [session] = await api.good('GET', '/organizations/acme/sessions');

  await test.step('train on the digits and see a plot', async () => {
    const lab = await openLab(page);
    await openNotebook(lab, 'train-digits.ipynb');
    await runAll(lab);
    await expect(lab.getByText(/accuracy: 0\.9\d+/)).toBeVisible({ timeout: PATIENCE });
    await expect(lab.locator('.jp-OutputArea-output img')).toHaveCount(2, { timeout: PATIENCE });
    await save(lab, 'train-digits.ipynb', 'accuracy: 0.9');
    await lab.close();
  });

  await test.step('close the tab, open it again, go on', async () => {
    const lab = await openLab(page);
    await openNotebook(lab, 'train-digits.ipynb');
    await expect(lab.getByText(/accuracy: 0\.9\d+/)).toBeVisible({ timeout: PATIENCE });
    // The kernel is the same: the model is still in its memory.
    await runCell(lab, 'print("still", type(model).__name__)', 'still SVC');
    // A package of one's own, so that nothing has to be fetched.
    await runCell(lab, WHEEL, 'wheel made');
    await runCell(lab, '%pip install --no-index ./hello_atelier-1.0-py3-none-any.whl', /Successfully installed hello/);
    await save(lab, 'train-digits.ipynb', 'Successfully installed hello');
    await lab.close();
  });

  const first = await test.step('stop', async () => {
    await stop(page);
    return times(session.id, 1);
  });

  await test.step('start again: files and packages are there', async () => {
    await page.getByRole('button', { name: /^Start again/ }).click();
    await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible({ timeout: PATIENCE });
    const lab = await openLab(page);
    await openNotebook(lab, 'train-digits.ipynb');
    await runCell(lab, 'import hello_atelier; print(hello_atelier.greeting)', 'hello from the package');
    await lab.close();
    await stop(page);
  });
  const second = await times(session.id, 2);

  await test.step('the cost page shows both intervals, as Docker has them', async () => {
    await page.goto(`${server.url}/acme/cost`);
    const table = page.getByRole('region', { name: 'Every interval' });
    const rows = table.getByRole('row').filter({ hasText: 'JupyterLab' });
    await expect(rows).toHaveCount(2);
    // Newest first.
    for (const [index, { began, ended }] of [second, first].entries()) {
      const cells = await rows.nth(index).getByRole('cell').allInnerTexts();
      const [from, to] = cells.slice(2, 4).map((text) => Date.parse(`${text.replace(',', '')} UTC`));
      expect(Math.abs(from - began), `${cells} began ${new Date(began).toISOString()}`).toBeLessThan(2000);
      expect(Math.abs(to - ended), `${cells} ended ${new Date(ended).toISOString()}`).toBeLessThan(2000);
    }
    // The page shows whole seconds; the rows behind it are exact.
    const { items } = await api.good('GET', '/organizations/acme/my-segments');
    for (const [index, { began, ended }] of [second, first].entries()) {
      expect(Math.abs(items[index].started_at - began)).toBeLessThan(1000);
      expect(Math.abs(items[index].ended_at - ended)).toBeLessThan(1000);
    }
  });
  expect(context.pages()).toHaveLength(1);
});

/** Writes a package by hand; building one would need tools from elsewhere. */
const WHEEL = `
import zipfile
info = "hello_atelier-1.0.dist-info/"
with zipfile.ZipFile("hello_atelier-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("hello_atelier.py", "greeting = 'hello from the package'\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: hello-atelier\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
print("wheel", "made")
`.trim();
