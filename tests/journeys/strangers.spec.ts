// Those who may not: another organization, a client, somebody who was disabled.

import { expect, test } from '@playwright/test';
import { Api, join, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;

test.beforeAll(async () => {
  server = await Server.start({ testTool: true });
});

test.afterAll(async () => {
  await server?.end();
});

test('another organization, a client and a disabled person stay out', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await setUp(page, server);
  const admin = new Api(page);
  await admin.good('POST', '/organizations/acme/projects', { name: 'Churn' });
  const work = { role: 'member', project: 'churn', projectRole: 'data-scientist' };
  const scientist = await join(browser, admin, { name: 'Sam', email: 'sam@acme.test', ...work });
  const tiers = await admin.good('GET', '/organizations/acme/tiers');
  const session = await scientist.api.good('POST', '/organizations/acme/projects/churn/sessions', {
    environment: 'test-tool',
    tool: 'test-tool',
    tier: tiers[0].id,
  });
  await scientist.page.goto(`${server.url}/acme/churn/sessions/${session.id}`);
  await expect(scientist.page.getByRole('button', { name: /^Open Test tool/ })).toBeVisible({ timeout: 60_000 });

  await test.step('for a person of another organization there is nothing', async () => {
    await admin.good('POST', '/organizations', { name: 'Globex' });
    const stranger = await join(browser, admin, {
      name: 'Grace',
      email: 'grace@globex.test',
      role: 'administrator',
      organization: 'globex',
    });
    const pages = ['', '/cost', '/admin/people', '/admin/cost', '/churn', '/churn/sessions', '/churn/sessions/new'];
    for (const path of [...pages, `/churn/sessions/${session.id}`, '/churn/members', '/churn/cost', '/absent']) {
      await stranger.page.goto(`${server.url}/acme${path}`);
      await expect(stranger.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
      await expect(stranger.page.getByText('Churn', { exact: true })).toHaveCount(0);
    }
    const absent = await stranger.api.send('GET', '/organizations/absent');
    expect(absent.status).toBe(404);
    const project = '/organizations/acme/projects/churn';
    for (const path of ['/organizations/acme', project, `${project}/sessions/${session.id}`, `${project}/members`]) {
      expect(await stranger.api.send('GET', path)).toEqual(absent);
    }
    const open = await stranger.api.send('POST', `${project}/sessions/${session.id}/open`);
    expect(open).toEqual(absent);
    await stranger.context.close();
  });

  await test.step('a client sees the project and starts nothing', async () => {
    const guest = { role: 'guest', project: 'churn', projectRole: 'client' };
    const client = await join(browser, admin, { name: 'Carol', email: 'carol@client.test', ...guest });
    await client.page.goto(`${server.url}/acme/churn`);
    await expect(client.page.getByRole('heading', { name: 'Churn' }).first()).toBeVisible();
    await expect(client.page.getByRole('link', { name: 'Start session' })).toHaveCount(0);
    await expect(client.page.getByRole('link', { name: 'Members' })).toHaveCount(0);
    await client.page.goto(`${server.url}/acme/churn/sessions/new`);
    await expect(client.page.getByRole('heading', { name: 'This is not open to you' })).toBeVisible();
    const refused = await client.api.send('POST', '/organizations/acme/projects/churn/sessions', {
      environment: 'test-tool',
      tool: 'test-tool',
      tier: tiers[0].id,
    });
    expect(refused.status).toBe(403);
    expect(refused.body.missing).toMatchObject({ object: 'session', action: 'create' });
    await client.context.close();
  });

  await test.step('a disabled person is out within five seconds', async () => {
    const opening = scientist.page.waitForEvent('popup');
    await scientist.page.getByRole('button', { name: /^Open Test tool/ }).click();
    const tool = await opening;
    await tool.waitForURL(/atelier-run\.localhost/);
    await tool.goto(new URL('/api', tool.url()).href);
    await expect(tool.getByText('"version":"test"')).toBeVisible();

    await page.goto(`${server.url}/acme/admin/people`);
    await page.getByRole('button', { name: 'Edit Sam' }).click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await expect(page.getByText('Sam is shut out')).toBeVisible();
    const since = Date.now();

    // The open page notices by itself, and neither it nor the session comes back.
    await expect(scientist.page).toHaveURL(/\/sign-in/, { timeout: 5_000 });
    expect((await scientist.api.send('GET', '/me')).status).toBe(401);
    const answer = await tool.reload();
    expect(answer?.status()).toBe(401);
    expect(Date.now() - since).toBeLessThan(5_000);
    await scientist.page.getByLabel('E-mail address').fill(scientist.email);
    await scientist.page.getByLabel('Password').fill('violet-kettle-orbit-93-mangrove');
    await scientist.page.getByRole('button', { name: 'Sign in' }).click();
    await expect(scientist.page.getByText('The address or the password is wrong.')).toBeVisible();
    await scientist.context.close();
  });
});
