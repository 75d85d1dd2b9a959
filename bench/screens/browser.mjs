// Looks at the flows of a dashboard with a real browser, scrolls for a while, and prints how long frames took. Runs inside
// the namespace that bench/screens.mjs makes: `node browser.mjs LINK SECONDS [PIXELS]`, so many each 40 ms.
import { chromium } from 'playwright-core';

const [link, seconds, pixels = '120'] = process.argv.slice(2);
const step = Number(pixels);
/**
 * Milliseconds between frames; runs in the page. @param {number} forMs
 * @returns {Promise<number[]>}
 */
function timeFrames(forMs) {
  /** @type {(heard: (now: number) => void) => void} */
  const onFrame = Reflect.get(globalThis, 'requestAnimationFrame');
  return new Promise((resolve) => {
    /** @type {number[]} */
    const took = [];
    const began = performance.now();
    let last = began;
    /** @param {number} now */
    const next = (now) => {
      took.push(now - last);
      last = now;
      if (now - began < forMs) onFrame(next);
      else resolve(took.slice(1));
    };
    onFrame(next);
  });
}

const browser = await chromium.launch({
  executablePath: process.env.TAPLIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(link);
  await page.goto(`${new URL(link).origin}/#/flows`);
  await page.getByRole('row').nth(20).waitFor();
  /** @type {Promise<number[]>} */
  const frames = page.evaluate(timeFrames, Number(seconds) * 1000);
  await page.mouse.move(700, 600);
  let isOver = false;
  frames.finally(() => {
    isOver = true;
  });
  for (let i = 0; !isOver; i++) {
    await page.mouse.wheel(0, i % 60 < 40 ? step : -step);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  const took = (await frames).sort((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => took[Math.min(took.length - 1, Math.floor(share * took.length))];
  const shown = await page.getByRole('row').count();
  console.log(
    JSON.stringify({ frames: took.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: took.at(-1), shown }),
  );
} finally {
  await browser.close();
}
