// T4: code in a session's page, which its owner or somebody else wrote, tries to act as the person who
// looks at it.

import { expect, type Page, test } from '@playwright/test';
import { Api, setUp } from './support/people.js';
import { Server } from './support/server.js';

let server: Server;
let tool: Page;
let app: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  server = await Server.start({ testTool: true });
  app = await (await browser.newContext()).newPage();
  await setUp(app, server);
  const api = new Api(app);
  await api.good('POST', '/organizations/acme/projects', { name: 'Churn' });
  const [tier] = await api.good('GET', '/organizations/acme/tiers');
  const wish = { environment: 'test-tool', tool: 'test-tool', tier: tier.id };
  const session = await api.good('POST', '/organizations/acme/projects/churn/sessions', wish);
  await app.goto(`${server.url}/acme/churn/sessions/${session.id}`);
  const opening = app.waitForEvent('popup', { timeout: 60_000 });
  await app.getByRole('button', { name: /^Open Test tool/ }).click({ timeout: 60_000 });
  tool = await opening;
  await tool.waitForURL(/atelier-run\.localhost/);
  await tool.goto(new URL('/api', tool.url()).href);
});

test.afterAll(async () => {
  await server?.end();
});

test('t04 a session cannot call the API', async () => {
  const tried = await tool.evaluate(async (app) => {
    const attempt = (init: RequestInit) =>
      fetch(`${app}/api/v1/me`, { credentials: 'include', ...init }).then(
        async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
        () => 'refused',
      );
    const json = { method: 'PATCH', body: '{"name":"Mallory"}', headers: { 'content-type': 'application/json' } };
    return Promise.all([
      attempt({}),
      attempt(json),
      attempt({ mode: 'no-cors' }),
      attempt({ method: 'POST', mode: 'no-cors', body: '{"name":"Mallory"}' }),
    ]);
  }, server.url);
  // Opaque answers can be caused, not read; the server refused the last one (see below).
  expect(tried.slice(0, 2)).toEqual(['refused', 'refused']);
  for (const opaque of tried.slice(2)) expect(['refused', 'opaque 0 ']).toContain(opaque);
  expect((await new Api(app).good('GET', '/me')).name).toBe('Ada Lovelace');
});

test('t04 a form of a session changes nothing', async () => {
  const answering = app.context().waitForEvent('page');
  await tool.evaluate((app) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = `${app}/api/v1/sign-out`;
    form.target = '_blank';
    document.body.append(form);
    form.submit();
  }, server.url);
  const answer = await answering;
  await answer.waitForLoadState();
  await expect(answer.getByText('foreign-origin')).toBeVisible();
  await answer.close();
  expect((await new Api(app).send('GET', '/me')).status).toBe(200);
});

test('t04 a session has no hold on the page that opened it, nor on its cookies', async () => {
  expect(await tool.evaluate(() => window.opener === null)).toBe(true);
  expect(await tool.evaluate(() => document.cookie)).not.toContain('atelier');
  // Cookies tossed from here do not reach the application.
  const before = (await app.context().cookies(server.url)).map(({ name, value }) => `${name}=${value}`);
  await tool.evaluate(() => {
    for (const domain of ['localhost', '.localhost', 'atelier.localhost', 'atelier-run.localhost']) {
      for (const name of ['__Host-atelier', 'atelier', '__Secure-atelier']) {
        document.cookie = `${name}=tossed; path=/; domain=${domain}`;
        document.cookie = `${name}=tossed; path=/; domain=${domain}; secure`;
      }
    }
    document.cookie = '__Host-atelier-session=tossed; path=/; secure';
  });
  const after = (await app.context().cookies(server.url)).map(({ name, value }) => `${name}=${value}`);
  expect(after).toEqual(before);
  expect((await new Api(app).send('GET', '/me')).status).toBe(200);
  expect((await tool.reload())?.status(), 'the session itself still opens').toBe(200);
});

test('t04 the application is neither framed nor reached through a window', async () => {
  const seen = await tool.evaluate(async (app) => {
    const frame = document.createElement('iframe');
    frame.src = `${app}/acme`;
    document.body.append(frame);
    await new Promise((done) => frame.addEventListener('load', done));
    let inside = 'closed';
    try {
      inside = frame.contentDocument?.body.innerText ?? 'closed';
    } catch {
      inside = 'closed';
    }
    frame.remove();
    return inside;
  }, server.url);
  expect(seen).toBe('closed');

  const opening = tool.waitForEvent('popup');
  await tool.evaluate((app) => void ((window as any).hold = window.open(`${app}/acme`)), server.url);
  const opened = await opening;
  await expect(opened.getByRole('heading', { name: 'Projects' })).toBeVisible();
  expect(await opened.evaluate(() => window.opener === null)).toBe(true);
  expect(await tool.evaluate(() => (window as any).hold.closed)).toBe(true);
  await opened.close();
});

test('t04 a service worker of a session stays on its host', async () => {
  // The tool serves no script, so the session cannot even register one here; a worker for the application's
  // address is refused whatever is served.
  const refused = await tool.evaluate(
    (app) =>
      navigator.serviceWorker.register(`${app}/sw.js`).then(
        () => 'registered',
        (error) => error.name,
      ),
    server.url,
  );
  expect(refused).toBe('SecurityError');
  await app.reload();
  expect(await app.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
});

test('t04 neighbours on the sessions’ domain cannot speak to a session', async ({ browser }) => {
  // Another session's page is the same site: only the Fetch Metadata tell it from the session's own.
  const own = new URL(tool.url());
  const neighbour = `http://0192f1c4-7b3e-7cc1-8a55-000000000000.${own.host.split('.').slice(1).join('.')}`;
  const page = await (await browser.newContext({ storageState: await tool.context().storageState() })).newPage();
  await page.goto(`${neighbour}/`);
  const tried = await page.evaluate(async (session) => {
    const post = await fetch(`${session}/echo`, {
      method: 'POST',
      mode: 'no-cors',
      credentials: 'include',
      body: 'x',
    }).then(
      (answer) => answer.type,
      () => 'refused',
    );
    const socket = await new Promise((done) => {
      const open = new WebSocket(`${session.replace('http', 'ws')}/ws`);
      open.onopen = () => done('open');
      open.onerror = () => done('refused');
    });
    return { post, socket };
  }, own.origin);
  expect(tried.socket).toBe('refused');
  expect(['opaque', 'refused']).toContain(tried.post);
  await page.close();
});
