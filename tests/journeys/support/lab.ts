// JupyterLab, as a person uses it.

import { expect, type Page } from '@playwright/test';

/** The image is there; a cold JupyterLab on a busy machine may take its time all the same. */
export const PATIENCE = 120_000;

/** Opens the session that the page shows in a tab of its own and waits for JupyterLab. */
export async function openLab(page: Page): Promise<Page> {
  const tab = page.waitForEvent('popup');
  await page.getByRole('button', { name: /^Open JupyterLab/ }).click();
  const lab = await tab;
  await isThere(lab);
  return lab;
}

/** Stops the session that the page shows. The page asks first while it still believes that a cell runs. */
export async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Stop JupyterLab/ }).click();
  const sure = page.getByRole('dialog').getByRole('button', { name: 'Stop' });
  const stopped = page.getByRole('button', { name: /^Start again/ });
  await expect(sure.or(stopped)).toBeVisible({ timeout: PATIENCE });
  if (await sure.isVisible()) await sure.click();
  await expect(stopped).toBeVisible({ timeout: PATIENCE });
}

export async function isThere(lab: Page): Promise<void> {
  await expect(lab.getByRole('menuitem', { name: 'Run' })).toBeVisible({ timeout: PATIENCE });
}

/** Chooses from the menu bar: `choose(lab, 'File', 'New', 'Terminal')`. */
export async function choose(lab: Page, ...items: string[]): Promise<void> {
  for (const item of items) {
    await lab.getByRole('menuitem', { name: new RegExp(`^${item}`) }).first().click();
  }
}

/** A notebook in front, whether JupyterLab has brought it back by itself or not. */
export async function openNotebook(lab: Page, name: string): Promise<void> {
  await lab.getByRole('listitem', { name: new RegExp(name.replace('.', '\\.')) }).dblclick();
  await expect(lab.getByRole('tab', { name: new RegExp(name) })).toBeVisible({ timeout: PATIENCE });
  await expect(lab.locator('.jp-Notebook .jp-CodeCell').first()).toBeVisible({ timeout: PATIENCE });
  // What is run before the kernel is there is not run at all.
  await expect(lab.getByText(/\| Idle$/).first()).toBeVisible({ timeout: PATIENCE });
}

/** Starts something new from the launcher: `launch(lab, 'Other', 'Terminal')`. */
export async function launch(lab: Page, category: string, name: string): Promise<void> {
  await choose(lab, 'File', 'New Launcher');
  const cards = lab.locator(`.jp-LauncherCard[data-category="${category}"]:visible`);
  await cards.filter({ hasText: name }).click({ timeout: PATIENCE });
}

/** A new notebook in front, its kernel there. */
export async function newNotebook(lab: Page): Promise<void> {
  await launch(lab, 'Notebook', 'Python 3');
  await expect(lab.locator('.jp-Notebook:visible .jp-CodeCell').first()).toBeVisible({ timeout: PATIENCE });
  await expect(lab.getByText(/\| Idle$/).first()).toBeVisible({ timeout: PATIENCE });
}

export async function runAll(lab: Page): Promise<void> {
  await choose(lab, 'Run', 'Run All Cells');
}

/** Runs code in a new cell below the last one of the notebook in front. */
export async function run(lab: Page, code: string): Promise<void> {
  const cells = lab.locator('.jp-Notebook:visible .jp-Cell');
  await cells.last().click();
  await lab.keyboard.press('Escape');
  await lab.keyboard.press('b');
  await lab.keyboard.press('Enter');
  await lab.keyboard.insertText(code);
  const cell = cells.nth((await cells.count()) - 1);
  // What is run before the kernel is there is not run at all, and the status bar may still be that of another notebook.
  await expect(async () => {
    await cell.locator('.cm-content').click();
    await lab.keyboard.press('Shift+Enter');
    await expect(cell.locator('.jp-InputPrompt')).not.toHaveText('[ ]:', { timeout: 5_000 });
  }).toPass({ timeout: PATIENCE });
}

/** Runs code in a new cell and waits for what it prints. */
export async function runCell(lab: Page, code: string, prints: string | RegExp): Promise<void> {
  await run(lab, code);
  const output = lab.locator('.jp-Notebook:visible .jp-OutputArea-output').filter({ hasText: prints });
  await expect(output.last()).toBeVisible({ timeout: PATIENCE });
}

/**
 * Saves the notebook in front and waits until its file holds this: a tab closed before loses it. Asks for the bare
 * file: while it is being written, a read through Jupyter's contents API finds it broken and puts it aside.
 */
export async function save(lab: Page, name: string, holds: string): Promise<void> {
  const dialog = lab.locator('.jp-Dialog');
  await expect(async () => {
    // JupyterLab asks for a better name than Untitled, once; the one that is there will do.
    await lab.keyboard.press((await dialog.isVisible()) ? 'Enter' : 'Control+s');
    const file = await lab.evaluate(async (name) => (await fetch(`/files/${name}`)).text(), name);
    expect(file).toContain(holds);
    await expect(dialog).toBeHidden();
  }).toPass({ timeout: PATIENCE });
}
