import { expect, test } from '@playwright/test';
import { openLab, stop, runCell, newNotebook } from './support/lab.js';
import { Api, PASSWORD } from './support/people.js';
const URL = 'http://atelier.localhost:8099';
test('walk2', async ({ page, browser }) => {
  test.setTimeout(150_000);
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
  const shot = (name: string) => page.screenshot({ path: `/tmp/look/w-${name}.png`, fullPage: true });
  await page.goto(`${URL}/sign-in`);
  await page.getByLabel('E-mail address').fill('ada@acme.test');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/acme/);
  await page.goto(`${URL}/acme/churn/sessions`); await page.waitForTimeout(1000); await shot('sessions');
  await page.getByRole('link', { name: /JupyterLab|Python data science/ }).first().click();
  await expect(page.getByRole('button', { name: /^Open JupyterLab/ })).toBeVisible();
  const lab = await openLab(page);
  await lab.waitForTimeout(3000);
  await lab.getByRole('tab', { name: 'Untitled.ipynb' }).first().click();
  await runCell(lab, 'print("saved", atelier.save("First look").number)', /saved \d/);
  await lab.close();
  for (const [name, path] of [['models', '/models'], ['model', '/models/churn'], ['model-v1', '/models/churn/v1'], ['files', '/files'], ['notebook', '/files/file?path=Untitled.ipynb'], ['data', '/data']] as const) {
    await page.goto(`${URL}/acme/churn${path}`); await page.waitForTimeout(1500); await shot(name);
  }
  await page.goto(`${URL}/acme/churn/sessions`);
  await page.getByRole('link', { name: /JupyterLab|Python data science/ }).first().click();
  await stop(page);
  await new Api(page).good('DELETE', '/organizations/acme/projects/churn/datasets/customers');
  await page.waitForTimeout(500); await shot('stopped');
  await page.getByRole('button', { name: /^Start again/ }).first().click();
  await page.waitForTimeout(4000); await shot('failed');
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: 'dark', storageState: await page.context().storageState() });
  const small = await phone.newPage();
  for (const [name, path] of [['models', '/models'], ['model', '/models/churn'], ['start', '/sessions/new'], ['notebook', '/files/file?path=Untitled.ipynb']] as const) {
    await small.goto(`${URL}/acme/churn${path}`); await small.waitForTimeout(1500); await small.screenshot({ path: `/tmp/look/p-${name}.png`, fullPage: true });
  }
  await small.goto(page.url()); await small.waitForTimeout(1500); await small.screenshot({ path: '/tmp/look/p-failed.png', fullPage: true });
  console.log('ERRORS', errors);
});
