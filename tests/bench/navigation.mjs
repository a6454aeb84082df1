// Clicks from page to page in Chromium, and prints for each click the milliseconds until the next page was
// painted, and until it was with its data: one JSON object a line.
// Arguments: address of the server, a person's address and password, path of the first page, rounds.

import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../journeys/package.json', import.meta.url))('@playwright/test');
const [server, email, password, first, rounds] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.ATELIER_TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
await page.goto(server + first);
await page.getByLabel('E-mail address').fill(email);
await page.getByLabel('Password', { exact: true }).fill(password);
await page.keyboard.press('Enter');
await page.locator('nav.side a').first().waitFor();
await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('[aria-busy=true]'));
const addresses = await page.$$eval('nav.side a', (links) => [...new Set(links.map((link) => link.getAttribute('href')))]);
if (addresses.length < 4) throw new Error(`few links: ${addresses}`);

for (let round = 0; round <= rounds; round++) {
  for (const address of [...addresses.slice(1), addresses[0]]) {
    const times = await page.evaluate(click, address);
    // In the first round the browser still compiles what it runs.
    if (round > 0) console.log(JSON.stringify(times));
  }
}
await browser.close();

/** In the page. A frame is on the screen when the next one begins. */
async function click(address) {
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (holds) => {
    while (!holds()) {
      if (performance.now() - begun > 10_000) throw new Error(`no page at ${address}`);
      await frame();
    }
    await frame();
    return performance.now() - begun;
  };
  const before = document.querySelector('main h1');
  const text = before.textContent;
  const begun = performance.now();
  document.querySelector(`nav.side a[href="${address}"]`).click();
  const heading = () => document.querySelector('main h1');
  const next = () => heading() && (heading() !== before || heading().textContent !== text);
  const painted = await until(() => location.pathname === address && next());
  const complete = await until(() => !document.querySelector('main [aria-busy=true]'));
  return { painted, complete };
}
