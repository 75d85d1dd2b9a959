// Proves that people can work with the dashboard: filter, sort, open a flow down to its bytes, go back, share an address,
// pause, export, acknowledge, and do all of it by keyboard.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScratch } from '../e2e/scratch-folder.ts';
import { eventually, openBrowser, openDashboard, reasonToSkip, type Served, serve } from './stage.ts';

const reason = reasonToSkip();

const rowsOf = (page: Page) => page.getByRole('grid').getByRole('row');
const status = (page: Page) => page.getByRole('main').getByRole('status').first();

describe.skipIf(reason !== null)('work in the dashboard', () => {
  let browser: Browser;
  let served: Served;
  const scratch = makeScratch('browser-work');

  beforeAll(async () => {
    browser = await openBrowser();
    served = await serve(['-r', 'assets/story.pcapng', '--store', `${scratch}/store`]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  const at = async (place: string) => {
    const opened = await openDashboard(browser, served);
    await opened.page.goto(`${served.origin}/#/${place}`);
    return opened;
  };

  it('filters by what is typed, colours it, and keeps the last good one', async () => {
    const { page, faults, context } = await at('flows');
    await eventually(async () => (await rowsOf(page).count()) > 10, 'rows are there');
    await expect.poll(() => status(page).innerText()).toMatch(/\d flows/);
    const before = await status(page).innerText();
    await page.keyboard.press('/');
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await expect.poll(() => filter.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.type('app == dns');
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page).innerText()).toMatch(/\d of \d+ flows/);
    expect(await status(page).innerText()).not.toBe(before);
    await eventually(async () => page.url().includes('filter=app'), 'the filter is in the address');
    const texts = await rowsOf(page).allInnerTexts();
    expect(texts.slice(1).every((text) => /DNS/.test(text))).toBe(true);
    const good = await status(page).innerText();
    await filter.fill('ap == dns');
    await eventually(async () => (await filter.getAttribute('aria-invalid')) === 'true', 'the mistake is marked');
    await expect.poll(() => page.locator('#filter-problem').innerText()).toMatch(/no field `ap`/);
    expect(await status(page).innerText()).toBe(good);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('completes a filter by keyboard', async () => {
    const { page, context } = await at('flows');
    await eventually(async () => (await rowsOf(page).count()) > 10, 'rows are there');
    await page.keyboard.press('/');
    await page.keyboard.type('dns.qry');
    const proposals = page.getByRole('option');
    await eventually(async () => (await proposals.count()) > 0, 'proposals are shown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('combobox', { name: 'Filter' }).inputValue()).toMatch(/^dns\.qry\.\w+/);
    await context.close();
  }, 60_000);

  it('goes from a flow to its transactions and bytes, and back; the address brings all of it again', async () => {
    const { page, context, faults } = await at('flows?filter=app+%3D%3D+http');
    await eventually(async () => (await rowsOf(page).count()) > 1, 'rows are there');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary');
    await drawer.waitFor();
    await eventually(async () => /GET|POST/.test(await drawer.innerText()), 'the request is shown');
    const address = page.url();
    expect(address).toMatch(/flow=/);
    // Another person opens the same address.
    await page.goto('about:blank');
    await page.goto(address);
    await eventually(async () => /GET|POST/.test(await drawer.innerText()), 'the same flow is open');
    await page.keyboard.press('Escape');
    await eventually(async () => (await drawer.count()) === 0, 'Escape closes it');
    expect(await page.getByRole('combobox', { name: 'Filter' }).inputValue()).toBe('app == http');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('narrows by a click, and turns it around with Alt', async () => {
    const { page, context } = await at('flows');
    await eventually(async () => (await rowsOf(page).count()) > 10, 'rows are there');
    const value = page.getByRole('grid').getByText('DNS', { exact: true }).first();
    await value.click();
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await expect.poll(() => filter.inputValue()).toMatch(/app.*dns/);
    await page.goBack();
    await expect.poll(() => filter.inputValue()).toBe('');
    await value.click({ modifiers: ['Alt'] });
    await expect.poll(() => filter.inputValue()).toMatch(/^(-|not |!|.*!=)/);
    await context.close();
  }, 60_000);

  it('opens views by their keys, and goes back and forth', async () => {
    const { page, context } = await at('overview');
    await eventually(async () => (await page.title()).startsWith('Overview'), 'the overview is open');
    for (const [key, title] of [
      ['2', 'Flows'],
      ['5', 'Alerts'],
      ['8', 'Health'],
    ]) {
      await page.keyboard.press(key);
      await eventually(async () => (await page.title()).startsWith(title), `${key} opens ${title}`);
    }
    await page.goBack();
    await eventually(async () => (await page.title()).startsWith('Alerts'), 'back leads to the alerts');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.getByRole('dialog').count()) === 0, 'Escape closes the help');
    await context.close();
  }, 60_000);

  it('acknowledges an alert, for everyone who looks', async () => {
    const { page, context } = await at('alerts');
    const button = page.getByRole('button', { name: /^acknowledge/i }).first();
    await button.click();
    await page
      .getByRole('button', { name: /^reopen/i })
      .first()
      .waitFor();
    const other = await at('alerts');
    await other.page
      .getByRole('button', { name: /^reopen/i })
      .first()
      .waitFor();
    await other.context.close();
    await context.close();
  }, 60_000);

  it('exports what is shown', async () => {
    const { page, context } = await at('flows?filter=app+%3D%3D+dns');
    await eventually(async () => (await rowsOf(page).count()) > 1, 'rows are there');
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV' }).click(),
    ]);
    const path = await download.path();
    const text = readFileSync(path, 'utf8');
    expect(text.split('\n')[0]).toMatch(/src_ip/);
    expect(text.trim().split('\n').length).toBeGreaterThan(10);
    expect(text).not.toMatch(/,tls,/);
    await context.close();
  }, 60_000);

  it('saves packets of a filter as pcapng, and a chart as a picture', async () => {
    const { page, context } = await at('flows?filter=app+%3D%3D+ssh');
    await eventually(async () => (await rowsOf(page).count()) > 1, 'rows are there');
    await page.getByRole('button', { name: 'Export' }).click();
    const [packets] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /pcapng/ }).click(),
    ]);
    const file = readFileSync(await packets.path());
    expect(file.subarray(0, 4).toString('hex')).toBe('0a0d0d0a');
    expect(file.length).toBeGreaterThan(100_000);
    await page.keyboard.press('1');
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^PNG/ }).first().click(),
    ]);
    expect(
      readFileSync(await picture.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    await context.close();
  }, 60_000);

  it('zooms by a drag on the chart, for all views, and goes back', async () => {
    const { page, context, faults } = await at('overview');
    await eventually(async () => (await rowsOf(page).count()) > 1, 'rows are there');
    const plot = await page.getByRole('slider', { name: /Traffic/ }).boundingBox();
    if (plot === null) throw new Error('there is no chart');
    const y = plot.y + plot.height / 2;
    await page.mouse.move(plot.x + plot.width * 0.55, y);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.75, y, { steps: 8 });
    await page.mouse.up();
    await eventually(async () => page.url().includes('range='), 'the range is in the address');
    await page.keyboard.press('2');
    await expect.poll(() => status(page).innerText()).toMatch(/\d+ of 421 flows|\d+ flows/);
    const [shown] = /\d+/.exec(await status(page).innerText()) ?? [];
    expect(Number(shown)).toBeLessThan(421);
    await page.goBack();
    await page.goBack();
    await eventually(async () => !page.url().includes('range='), 'back leads to all of it');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('asks the store in SQL', async () => {
    const { page, context } = await at('history');
    await page
      .getByRole('textbox', { name: 'SQL' })
      .fill('SELECT app, count(*) AS n FROM flows GROUP BY app ORDER BY n DESC');
    await page.getByRole('button', { name: /^Ask/i }).click();
    await expect.poll(() => page.getByRole('main').innerText(), { timeout: 10_000 }).toMatch(/\bn\b[\s\S]*dns/);
    await context.close();
  }, 60_000);
});
