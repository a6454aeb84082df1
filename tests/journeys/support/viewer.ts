// The frame for files, on a page of the application, and what comes out of it.

import type { Frame, Page } from '@playwright/test';
import type { Server } from './server.js';

export interface Order {
  kind: { name: string; language?: string };
  name?: string;
  file?: string | number[];
  before?: string;
  after?: string;
  whole?: boolean;
  line?: number;
}

export class ViewerFrame {
  private constructor(
    private readonly page: Page,
    readonly frame: Frame,
  ) {}

  /** As the page makes it. Somebody is signed in, so that there is something to steal. */
  static async open(page: Page, server: Server): Promise<ViewerFrame> {
    await page.goto(`${server.url}/acme`);
    await page.evaluate(
      () =>
        new Promise<void>((done) => {
          const heard: unknown[] = ((window as any).heard = []);
          const frame = document.createElement('iframe');
          frame.id = 'viewer';
          frame.setAttribute('sandbox', 'allow-scripts');
          frame.src = '/_viewer';
          frame.style.cssText = 'width: 900px; height: 700px';
          addEventListener('message', ({ data }) => {
            heard.push(data);
            if (data?.ready) done();
          });
          document.body.prepend(frame);
        }),
    );
    const frame = page.frames().find((frame) => frame.parentFrame() === page.mainFrame());
    if (!frame) throw new Error('there is no frame');
    return new ViewerFrame(page, frame);
  }

  /** Has it show something, and gives what it said. */
  async show(order: Order): Promise<{ shown?: boolean; failed?: string }> {
    return this.page.evaluate(
      (order) =>
        new Promise((done) => {
          const bytes = (text?: string | number[]) =>
            text === undefined ? undefined : (typeof text === 'string' ? new TextEncoder().encode(text) : new Uint8Array(text)).buffer;
          const { file, before, after, ...rest } = order;
          const compared = 'before' in order || 'after' in order;
          const parts = compared ? { before: bytes(before), after: bytes(after) } : { file: bytes(file) };
          const hear = ({ data }: MessageEvent) => {
            if (!data?.shown && !data?.failed) return;
            removeEventListener('message', hear);
            done(data);
          };
          addEventListener('message', hear);
          const frame = document.querySelector<HTMLIFrameElement>('#viewer')!;
          const message = { name: 'file', whole: true, theme: 'light', language: 'en', words: {}, ...rest, ...parts };
          frame.contentWindow!.postMessage(message, '*');
        }),
      order,
    );
  }

  heard(): Promise<any[]> {
    return this.page.evaluate(() => (window as any).heard);
  }
}
