// Proves that the dashboard follows a live capture in a namespace: packets of our own are counted and become flows while one
// looks, pausing holds the screen and not the capture, and what was lost is told.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, reasonToSkip as noNamespace, openNamespace } from '../e2e/live-namespace.ts';
import { eventually, openBrowser, openDashboard, reasonToSkip, type Served, served } from './stage.ts';

const reason = reasonToSkip() ?? noNamespace();
if (reason !== null) console.warn(`skipped: ${reason}`);

/** The number of packets on the tile. */
async function packets(page: Page): Promise<number> {
  const tile = page.getByRole('list', { name: 'Right now' }).getByRole('listitem').filter({ hasText: 'Flows' });
  return Number(/of ([\d,]+)/.exec(await tile.innerText())?.[1].replaceAll(',', '') ?? 0);
}

describe.skipIf(reason !== null)('the dashboard of a live capture', () => {
  let namespace: Namespace;
  let browser: Browser;
  let program: Served;

  beforeAll(async () => {
    namespace = openNamespace('browser');
    program = await served(namespace.program(['serve', '--port', '0', '-i', 'tlb1']));
    browser = await openBrowser(namespace.name);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    namespace?.remove();
  });

  /** Sends datagrams of `count` new flows, from ports of their own. */
  const send = (fromPort: number, count: number): Promise<void> => namespace.start('flows', { fromPort, count });

  it('counts what comes, while one looks', async () => {
    const { page, context, faults } = await openDashboard(browser, program);
    await send(20_000, 40);
    await eventually(async () => (await packets(page)) >= 40, 'forty flows are counted');
    await page.keyboard.press('2');
    const rows = page.getByRole('grid', { name: 'Flows' }).getByRole('row');
    await eventually(async () => (await rows.count()) > 10, 'open flows are rows');
    await expect.poll(() => page.getByRole('main').innerText()).toMatch(/127\.1\.0\.1/);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('holds still while paused, says what waits, and goes on', async () => {
    const { page, context } = await openDashboard(browser, program);
    await eventually(async () => (await packets(page)) >= 40, 'what was there is counted');
    await page.getByRole('button', { name: 'Pause' }).click();
    const before = await packets(page);
    await send(30_000, 60);
    await expect.poll(() => page.getByText(/paused .*\+\d+ packets/).count(), { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await packets(page)).toBe(before);
    await page.getByRole('button', { name: 'Pause' }).click();
    await eventually(async () => (await packets(page)) >= before + 60, 'what waited is counted');
    await context.close();
  }, 60_000);
});
