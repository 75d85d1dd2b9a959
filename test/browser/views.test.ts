// Proves that every view of the dashboard works in a real browser: it shows the story, has no fault on the console, asks no
// other host, and axe-core finds nothing against it, in both themes and at the width of a phone.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScratch } from '../e2e/scratch-folder.ts';
import { eventually, openBrowser, openDashboard, reasonToSkip, type Served, serve, violations } from './stage.ts';

/** Each view, and a text of the story that it must show. */
const views: readonly (readonly [name: string, title: string, shows: RegExp])[] = [
  ['overview', 'Overview', /192\.168\.1\.20/],
  ['flows', 'Flows', /192\.168\.1\.34/],
  ['hosts', 'Hosts', /192\.168\.1\.66/],
  ['protocols', 'Protocols', /DNS/],
  ['alerts', 'Alerts', /146 ports/],
  ['performance', 'Performance', /round trip/i],
  ['map', 'Map', /192\.168\.1\./],
  ['health', 'Health', /complete/i],
  ['history', 'History', /story\.pcapng|bytes/i],
];

const reason = reasonToSkip();
if (reason !== null) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== null)('views of the dashboard', () => {
  let browser: Browser;
  let served: Served;
  const scratch = makeScratch('browser-views');

  beforeAll(async () => {
    browser = await openBrowser();
    served = await serve(['-r', 'assets/story.pcapng', '--store', `${scratch}/store`]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  describe.each(['dark', 'light'] as const)('in the %s theme', (theme) => {
    it.each(views)(
      '%s',
      async (name, title, shows) => {
        const { page, context, faults } = await openDashboard(browser, served, { theme });
        await page.goto(`${served.origin}/#/${name}`);
        await eventually(async () => shows.test(await page.getByRole('main').innerText()), `${name} shows ${shows}`);
        expect(await page.title()).toBe(`${title} – Taplight`);
        // What moves in comes to rest.
        await page.waitForTimeout(700);
        expect(await violations(page)).toEqual([]);
        expect(faults).toEqual([]);
        await context.close();
      },
      60_000,
    );
  });

  it.each(views)(
    '%s on a phone: nothing is cut off at the side',
    async (name, _, shows) => {
      const { page, context, faults } = await openDashboard(browser, served, { width: 320, height: 640 });
      await page.goto(`${served.origin}/#/${name}`);
      await eventually(async () => shows.test(await page.getByRole('main').innerText()), `${name} shows ${shows}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
