// Without a mouse: sign in, find the project, start a session.

import { expect, type Page, test } from '@playwright/test';
import { Api, PASSWORD, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;

test.beforeAll(async () => {
  server = await Server.start({ testTool: true });
});

test.afterAll(async () => {
  await server?.end();
});

test('sign in, open a project and start a session by keyboard alone', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const maker = await browser.newPage();
  await setUp(maker, server);
  await new Api(maker).good('POST', '/organizations/acme/projects', { name: 'Churn' });
  await maker.close();

  await page.goto(server.url);
  await expect(page.getByLabel('E-mail address')).toBeFocused();
  await page.keyboard.type('ada@acme.test');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();

  // The first stop of a page leads past its menus.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await tabTo(page, 'Churn');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/acme/churn`);
  await tabTo(page, 'Start session');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Start a session' })).toBeVisible();

  // Choices are radio buttons: one stop each, arrows within.
  await tabUntil(page, () => page.evaluate(() => (document.activeElement as HTMLInputElement)?.name === 'tool'));
  const testTool = page.getByRole('radio', { name: /Test tool/ });
  for (let presses = 0; presses < 10 && !(await testTool.isChecked()); presses++) {
    await page.keyboard.press('ArrowDown');
  }
  await expect(testTool).toBeChecked();
  await tabTo(page, 'Start Test tool');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Open Test tool/ })).toBeVisible({ timeout: 60_000 });
  await tabUntil(page, () => focusedName(page).then((name) => name.startsWith('Stop Test tool')));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Start again/ })).toBeVisible({ timeout: 60_000 });
});

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    return (focused?.getAttribute('aria-label') ?? focused?.textContent ?? '').trim();
  });
}

async function tabTo(page: Page, name: string): Promise<void> {
  await tabUntil(page, async () => (await focusedName(page)) === name);
}

/** Every stop must show that it has the focus. */
async function tabUntil(page: Page, there: () => Promise<boolean>): Promise<void> {
  const stops: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    if (await there()) return;
    await page.keyboard.press('Tab');
    stops.push(await focusedName(page));
    const shown = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return true;
      const marked = [focused, focused.parentElement].filter((element) => element !== null);
      return marked.some((element) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== 'none' || boxShadow !== 'none';
      });
    });
    expect(shown, `the focus on “${stops.at(-1)}” is not to be seen`).toBe(true);
  }
  throw new Error(`not reached by Tab: ${stops.join(' › ')}`);
}
