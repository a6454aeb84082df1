// What a page sends, watched and cut.

import type { Page } from '@playwright/test';

/** What goes over the line from the page's worker, and a way to cut it. */
export class Line {
  bytes = 0;
  private left = Infinity;
  private cut: (() => void)[] = [];

  constructor(private readonly page: Page) {
    // Of a page's worker, as of the page.
    page.context().route('**/uploads/*/chunks', async (route) => {
      if (this.left <= 0) {
        this.cut.splice(0).forEach((tell) => tell());
        await route.abort().catch(() => undefined);
        return;
      }
      this.left--;
      this.bytes += route.request().postDataBuffer()?.length ?? 0;
      await route.continue().catch(() => undefined);
    });
  }

  cutAfter(requests: number): void {
    this.left = requests;
  }

  mend(): void {
    this.left = Infinity;
  }

  /** A request came that was cut off. */
  isCut(): Promise<void> {
    return new Promise((done) => this.cut.push(done));
  }
}
