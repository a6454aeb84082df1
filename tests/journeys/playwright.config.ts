import { defineConfig } from '@playwright/test';

// Debian's Chromium: Playwright's own is never downloaded.
const executablePath = process.env.ATELIER_TEST_CHROMIUM || '/usr/bin/chromium';

export default defineConfig({
  testMatch: '**/*.spec.ts',
  outputDir: '../../target/journeys',
  // Each file starts servers of its own, so files run beside each other.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // A sixth of the time; to see a failure step by step: `--trace on`.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
