// A line plot as SVG, without a library: readable on light and dark pages, small enough to commit.
import { writeFileSync } from 'node:fs';

const width = 720;
const height = 360;
const frame = { left: 70, right: 160, top: 40, bottom: 50 };
const colours = ['#0b7285', '#c2255c', '#e8590c', '#5f3dc4'];

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {{ x: number, y: number }[]} points
 */

/** @param {string} text */
const inXml = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A round number at or above `value`: 1, 2 or 5 times a power of ten. @param {number} value */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** @param {number} value */
const label = (value) =>
  value >= 1e6 ? `${value / 1e6} M` : value >= 1000 ? `${value / 1000} k` : String(Number(value.toPrecision(3)));

/**
 * Writes the plot. The y axis begins at 0, so that heights can be compared.
 *
 * @param {string} path @param {string} title @param {Line[]} lines
 * @param {{ x: string, y: string, isLogX: boolean }} axes names with units
 */
export function writePlot(path, title, lines, axes) {
  const points = lines.flatMap((line) => line.points);
  const xs = points.map((p) => p.x);
  const scale = axes.isLogX ? Math.log10 : (/** @type {number} */ x) => x;
  const [from, to] = [scale(Math.min(...xs)), scale(Math.max(...xs))];
  const top = roundUp(Math.max(...points.map((p) => p.y)));
  const innerWidth = width - frame.left - frame.right;
  const innerHeight = height - frame.top - frame.bottom;
  const px = (/** @type {number} */ x) => frame.left + ((scale(x) - from) / (to - from || 1)) * innerWidth;
  const py = (/** @type {number} */ y) => frame.top + (1 - y / top) * innerHeight;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#667">`,
    `<title>${inXml(title)}</title>`,
    `<text x="${frame.left}" y="20" font-size="15">${inXml(title)}</text>`,
    `<text x="${frame.left + innerWidth / 2}" y="${height - 10}" text-anchor="middle">${inXml(axes.x)}</text>`,
    `<text x="16" y="${frame.top + innerHeight / 2}" text-anchor="middle" transform="rotate(-90 16 ${frame.top + innerHeight / 2})">${inXml(axes.y)}</text>`,
  ];
  for (let i = 0; i <= 4; i++) {
    const y = (top * i) / 4;
    parts.push(`<path d="M${frame.left} ${py(y).toFixed(1)}h${innerWidth}" stroke="#99a" stroke-opacity=".35"/>`);
    parts.push(`<text x="${frame.left - 8}" y="${(py(y) + 4).toFixed(1)}" text-anchor="end">${label(y)}</text>`);
  }
  const ticks = axes.isLogX ? [...new Set(xs)] : [0, 0.25, 0.5, 0.75, 1].map((part) => from + part * (to - from));
  for (const x of ticks) {
    parts.push(
      `<text x="${px(x).toFixed(1)}" y="${frame.top + innerHeight + 18}" text-anchor="middle">${label(Number(x.toPrecision(3)))}</text>`,
    );
  }
  lines.forEach((line, i) => {
    const colour = colours[i % colours.length];
    const path_ = line.points.map((p) => `${px(p.x).toFixed(1)} ${py(p.y).toFixed(1)}`).join('L');
    parts.push(`<path d="M${path_}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    if (line.points.length <= 12) {
      for (const p of line.points)
        parts.push(`<circle cx="${px(p.x).toFixed(1)}" cy="${py(p.y).toFixed(1)}" r="3" fill="${colour}"/>`);
    }
    const last = line.points.at(-1);
    if (last)
      parts.push(
        `<text x="${(px(last.x) + 8).toFixed(1)}" y="${(py(last.y) + 4).toFixed(1)}" fill="${colour}">${inXml(line.name)}</text>`,
      );
  });
  writeFileSync(path, `${parts.join('\n')}\n</svg>\n`);
}
