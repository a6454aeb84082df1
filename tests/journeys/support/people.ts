// What every journey does first: set up, invite, sign in.

import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import type { Server } from './server.js';

export const PASSWORD = 'violet-kettle-orbit-93-mangrove';

/** Sets Atelier up on its own page; the administrator is signed in there. */
export async function setUp(page: Page, server: Server, { sample = false } = {}): Promise<void> {
  await page.goto(await server.setUpLink());
  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail address').fill('ada@acme.test');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('With a sample project').setChecked(sample);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page).toHaveURL(`${server.url}/acme`);
}

/** The API, called by a page of the application as the page itself would. */
export class Api {
  constructor(private readonly page: Page) {}

  async send(method: string, path: string, data?: unknown): Promise<{ status: number; body: any }> {
    return this.page.evaluate(
      async ({ method, path, data }) => {
        const body = data === undefined ? {} : { body: JSON.stringify(data), headers: { 'content-type': 'application/json' } };
        const answer = await fetch(`/api/v1${path}`, { method, ...body });
        const text = await answer.text();
        const json = answer.headers.get('content-type')?.includes('json');
        return { status: answer.status, body: json ? JSON.parse(text) : text };
      },
      { method, path, data },
    );
  }

  /** As `send`, for what must succeed. */
  async good(method: string, path: string, data?: unknown): Promise<any> {
    const { status, body } = await this.send(method, path, data);
    expect(status, `${method} ${path}: ${JSON.stringify(body)}`).toBeLessThan(300);
    return body;
  }

  /** A version of a dataset or a model, with these files and what is said of it. */
  async version(of: string, files: Record<string, string>, said: object): Promise<any> {
    const upload = `${of}/uploads/${(await this.good('POST', `${of}/uploads`, {})).id}`;
    for (const [path, content] of Object.entries(files)) {
      const status = await this.page.evaluate(
        async ([to, body]) => (await fetch(`/api/v1${to}`, { method: 'PUT', body })).status,
        [`${upload}/file?path=${encodeURIComponent(path)}`, content],
      );
      expect(status, path).toBeLessThan(300);
    }
    return this.good('POST', `${upload}/commit`, said);
  }
}

export interface Person {
  id: string;
  email: string;
  context: BrowserContext;
  page: Page;
  api: Api;
}

/** Somebody new in an organization, who is signed in in a browser of his or her own. */
export async function join(
  browser: Browser,
  administrator: Api,
  who: { name: string; email: string; role: string; organization?: string; project?: string; projectRole?: string },
): Promise<Person> {
  const invitation = await administrator.good('POST', `/organizations/${who.organization ?? 'acme'}/invitations`, {
    role: who.role,
    project: who.project,
    project_role: who.projectRole,
    days: 1,
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(invitation.link.url);
  await page.getByLabel('Your name').fill(who.name);
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account and accept' }).click();
  await expect(page.getByRole('button', { name: `Menu of ${who.name}` })).toBeVisible();
  const api = new Api(page);
  const { id } = await api.good('GET', '/me');
  return { id, email: who.email, context, page, api };
}
