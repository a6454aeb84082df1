// Files on this machine, and a browser that has them dropped on a page.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { Api } from './people.js';

/** Bytes that do not compress, the same for the same seed. */
export function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

/** A folder that is gone after the test. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'atelier-files-'));

  write(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Drops files and folders as a person does from a file manager. */
export async function drop(page: Page, onto: Locator, files: string[]): Promise<void> {
  const box = await onto.boundingBox();
  if (!box) throw new Error('what is dropped on is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 60)];
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await browser.detach();
}

/** A version of the files of acme's project with these changed, as a program makes one. */
export async function saved(page: Page, message: string, files: Record<string, string | Buffer>): Promise<void> {
  const api = new Api(page);
  const uploads = '/organizations/acme/projects/churn/files/uploads';
  const { id } = await api.good('POST', uploads, {});
  for (const [path, content] of Object.entries(files)) {
    const status = await page.evaluate(
      async ({ address, text }) => {
        const body = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        return (await fetch(address, { method: 'PUT', body })).status;
      },
      {
        address: `/api/v1${uploads}/${id}/file?path=${encodeURIComponent(path)}`,
        text: Buffer.from(content).toString('base64'),
      },
    );
    expect(status, path).toBeLessThan(300);
  }
  await api.good('POST', `${uploads}/${id}/commit`, { message });
}
