// Proves that a capture can be begun from the browser: a file that is chosen or dropped, the demo, an interface; that what
// cannot be read or is too large is said so; and that nobody comes in without the link.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openBrowser, openDashboard, reasonToSkip, type Served, serve, violations } from './stage.ts';

const reason = reasonToSkip();
const story = readFileSync('assets/story.pcapng');
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

describe.skipIf(reason !== null)('a capture begun in the browser', () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    browser = await openBrowser();
    served = await serve(['--max-upload', '4MiB']);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  const atStart = async () => {
    const opened = await openDashboard(browser, served);
    await opened.page.goto(`${served.origin}/#/start`);
    await opened.page.getByRole('heading', { name: 'Choose what to look at' }).waitFor();
    return opened;
  };

  it('begins where there is nothing yet, without a fault', async () => {
    const { page, context, faults } = await openDashboard(browser, served);
    await page.getByRole('heading', { name: 'Choose what to look at' }).waitFor();
    await eventually(async () => /\blo\b/.test(await page.getByRole('main').innerText()), 'interfaces are listed');
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('reads a file that is chosen', async () => {
    const { page, context } = await atStart();
    await page.getByLabel('Capture file').setInputFiles(file('office.pcapng', story));
    await eventually(async () => /6,829/.test(await page.getByRole('main').innerText()), 'its packets are counted');
    expect(page.url()).toMatch(/scene=/);
    await eventually(
      async () => /office\.pcapng/.test(await page.getByRole('banner').innerText()),
      'its name is shown',
    );
    await context.close();
  }, 60_000);

  it('reads a file that is dropped, whatever it is called', async () => {
    const { page, context } = await atStart();
    const name = '../<img src=x onerror=alert(1)>\u202egnp.pcap';
    const base64 = story.toString('base64');
    await page.evaluate(
      ([data, called]) => {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], called));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }
      },
      [base64, name],
    );
    await eventually(async () => /6,829/.test(await page.getByRole('main').innerText()), 'its packets are counted');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.getByRole('banner').innerText()).not.toContain('\u202e');
    await context.close();
  }, 60_000);

  it('says what is no capture, and what is too large', async () => {
    const { page, context } = await atStart();
    const input = page.getByLabel('Capture file');
    await input.setInputFiles(file('letter.pcap', Buffer.from('Dear reader, '.repeat(100))));
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/no capture|not a capture|is no/i);
    await input.setInputFiles(file('large.pcapng', Buffer.concat([story, story, story])));
    await eventually(async () => /4|large|limit/i.test(await page.getByRole('alert').innerText()), 'the limit is said');
    await context.close();
  }, 60_000);

  it('plays the demo', async () => {
    const { page, context } = await atStart();
    await page.getByRole('button', { name: 'Demo' }).click();
    await eventually(
      async () => /live/i.test(await page.getByRole('banner').innerText()),
      'it plays as if live',
      15_000,
    );
    await eventually(
      async () => /annas-laptop|192\.168\.1/.test(await page.getByRole('main').innerText()),
      'hosts come',
    );
    await context.close();
  }, 60_000);

  it('lets nobody in without the link', async () => {
    const { page, context } = await openDashboard(browser, served);
    const stranger = await browser.newContext();
    const tab = await stranger.newPage();
    await tab.goto(served.origin);
    expect(await tab.content()).toMatch(/link/i);
    expect(await violations(tab)).toEqual([]);
    const status = await tab.evaluate(async () => (await fetch('/api/v1/status')).status);
    expect(status).toBe(401);
    await stranger.close();
    await page.close();
    await context.close();
  }, 60_000);
});
