// The distribution of protocols as a bar chart: lines for a terminal, a standalone picture for everything else.

import { printable, type Volume } from '../../core/index.ts';
import { cellWidth, pad } from './columns.ts';
import { bar } from './looks/glyphs.ts';
import { paint, type Style } from './looks/style.ts';
import { pageColours, protocolRole, surfaces } from './looks/tokens.ts';
import { formatBytes, formatCount, formatPercent } from './quantities.ts';

/** Volumes by protocol name, as `ip` of a snapshot. */
export type ProtocolVolumes = Readonly<Record<string, Volume>>;

interface Row {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

const maxRows = 12;

/** Busiest first, by packets; what does not fit is added up in a last row. */
function rowsOf(volumes: ProtocolVolumes): Row[] {
  const rows = Object.entries(volumes)
    .filter(([, volume]) => volume.packets > 0)
    .map(([name, volume]) => ({ name: printable(name) as string, packets: volume.packets, bytes: volume.bytes }))
    .sort((a, b) => b.packets - a.packets || b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  if (rows.length <= maxRows) return rows;
  const rest = rows.splice(maxRows - 1);
  const sum = (key: 'packets' | 'bytes'): number => rest.reduce((total, row) => total + row[key], 0);
  return [...rows, { name: `${rest.length} others`, packets: sum('packets'), bytes: sum('bytes') }];
}

/**
 * The chart as lines of at most `style.width` cells (at least 40 are used): name, bar, packets, share, bytes. The longest
 * bar is the busiest protocol. One line saying so when there is nothing to show.
 */
export function protocolChart(volumes: ProtocolVolumes, style: Style): string {
  const rows = rowsOf(volumes);
  if (rows.length === 0) return '  no IP packets yet';
  const total = rows.reduce((sum, row) => sum + row.packets, 0);
  const texts = rows.map((row) => [
    row.name,
    formatCount(row.packets),
    formatPercent(row.packets, total),
    formatBytes(row.bytes),
  ]);
  const widths = [0, 1, 2, 3].map((i) => Math.max(...texts.map((text) => cellWidth(text[i]))));
  const room = Math.max(40, style.width) - 2 - widths.reduce((sum, width) => sum + width + 2, 0);
  const barCells = Math.max(4, Math.min(60, room));
  return rows
    .map((row, i) => {
      const [name, packets, share, bytes] = texts[i];
      const marks = bar(row.packets / rows[0].packets, barCells, style.unicode);
      const role = protocolRole(row.name);
      return [
        ` `,
        pad(name, widths[0]),
        ` ${paint(marks, role, style)}${' '.repeat(barCells - cellWidth(marks))}`,
        ` ${pad(packets, widths[1], 'right')}`,
        ` ${pad(share, widths[2], 'right')}`,
        ` ${pad(bytes, widths[3], 'right')}`,
      ].join(' ');
    })
    .join('\n');
}

/** Text inside XML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** One sentence that says what the chart shows, for those who do not see it. */
function sentence(rows: readonly Row[], total: number): string {
  if (rows.length === 0) return 'No IP packets.';
  const parts = rows.map((row) => `${row.name} ${formatPercent(row.packets, total)} (${formatCount(row.packets)})`);
  return `Packets by IP protocol, of ${formatCount(total)} in all: ${parts.join(', ')}.`;
}

function rules(): string {
  const theme = (name: 'light' | 'dark'): string =>
    [
      `.page{fill:${surfaces[name].base}}`,
      `text{fill:${surfaces[name].text}}`,
      `.muted{fill:${surfaces[name].muted}}`,
      ...Object.entries(pageColours).map(([role, colours]) => `.${role}{fill:${colours[name]}}`),
    ].join('');
  return `text{font:14px system-ui,sans-serif}.number{font-variant-numeric:tabular-nums;text-anchor:end}.title{font-size:16px;font-weight:600}${theme('light')}@media(prefers-color-scheme:dark){${theme('dark')}}`;
}

/**
 * The chart as a standalone SVG document, 720 px wide, readable on light and dark pages, with a title and a description
 * for screen readers. Every bar has its name and numbers beside it.
 *
 * @param title what the picture is of, e.g. the file's name.
 */
export function protocolChartSvg(volumes: ProtocolVolumes, title: string): string {
  const rows = rowsOf(volumes);
  const total = rows.reduce((sum, row) => sum + row.packets, 0);
  const height = 56 + Math.max(1, rows.length) * 28 + 16;
  const lines = rows.map((row, i) => {
    const y = 56 + i * 28;
    const length = Math.max(1, Math.round((row.packets / rows[0].packets) * 280));
    return [
      `<text x="128" y="${y + 15}" text-anchor="end">${escaped(row.name)}</text>`,
      `<rect class="${protocolRole(row.name)}" x="140" y="${y}" width="${length}" height="20" rx="2"/>`,
      `<text class="number" x="524" y="${y + 15}">${formatCount(row.packets)}</text>`,
      `<text class="number" x="604" y="${y + 15}">${escaped(formatPercent(row.packets, total))}</text>`,
      `<text class="number muted" x="704" y="${y + 15}">${formatBytes(row.bytes)}</text>`,
    ].join('');
  });
  if (rows.length === 0) lines.push('<text class="muted" x="140" y="71">no IP packets</text>');
  const heading = `Protocols in ${printable(title)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" width="720" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(heading)}</title>`,
    `<desc id="description">${escaped(sentence(rows, total))}</desc>`,
    `<style>${rules()}</style>`,
    `<rect class="page" width="720" height="${height}"/>`,
    `<text class="title" x="16" y="32">${escaped(heading)}</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
