// Bars and sparklines from characters, in block elements (Unicode U+2581..U+258F) or in ASCII.

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const levels = '▁▂▃▄▅▆▇█';
const asciiLevels = '.:-=+*#@';

function clamp01(share: number): number {
  return share > 0 ? Math.min(share, 1) : 0;
}

/** A bar of `cells` cells filled to `share` (0..1), not padded; something that is not nothing shows at least a sliver. */
export function bar(share: number, cells: number, unicode: boolean): string {
  const part = clamp01(share);
  if (part === 0 || cells <= 0) return '';
  if (!unicode) return '#'.repeat(Math.max(1, Math.round(part * cells)));
  const steps = Math.max(1, Math.round(part * cells * 8));
  return '█'.repeat(Math.floor(steps / 8)) + eighths[steps % 8];
}

/**
 * One cell per value, scaled to the largest; a space for nothing at all, so that silence is not mistaken for little.
 */
export function sparkline(values: readonly number[], unicode: boolean): string {
  const glyphs = unicode ? levels : asciiLevels;
  let max = 0;
  for (const value of values) if (value > max) max = value;
  let line = '';
  for (const value of values) {
    const level = Math.ceil(clamp01(max > 0 ? value / max : 0) * 8);
    line += level === 0 ? ' ' : glyphs[level - 1];
  }
  return line;
}
