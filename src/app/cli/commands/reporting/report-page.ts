// A report as one file of HTML: style, script and data inside, nothing asked of anyone. Without JavaScript, tables of text.

import { createHash } from 'node:crypto';
import { formatTime, printable } from '../../../../core/index.ts';
import type { ReportData } from '../../../../screens/api/index.ts';
import {
  completeness,
  counted,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
} from '../../../../screens/present/index.ts';

export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/** Text for HTML, in elements and attributes. */
export function escaped(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** JSON that ends no script element and is no beginning of a comment. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export function reportPage(data: ReportData, { script, style }: ReportAssets): string {
  // What would end the element can only be in a text of the script.
  const code = script.replaceAll('</script', '<\\/script');
  const policy = `default-src 'none'; script-src ${hashOf(code)}; style-src ${hashOf(style)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="referrer" content="no-referrer">
<title>${escaped(data.title)}: Taplight report</title>
<style>${style}</style>
</head>
<body>
<main id="app">
${plainReport(data)}
</main>
<script type="application/json" id="report-data">${inlineJson(data)}</script>
<script>${code}</script>
</body>
</html>
`;
}

const rowsShown = 30;

/** The same in short, for readers without JavaScript. */
function plainReport(data: ReportData): string {
  const { snapshot } = data;
  const { packets, bytes, firstUs, lastUs, flows } = snapshot;
  const span =
    firstUs === null || lastUs === null
      ? ''
      : ` in ${formatDuration((lastUs - firstUs) / 1e6)} from ${formatTime(firstUs)}`;
  return [
    '<div class="report-plain">',
    `<h1>${escaped(data.title)}</h1>`,
    `<p>${escaped(`${counted(packets, 'packet')}, ${formatBytes(bytes)}${span}; ${counted(flows.total, 'conversation')}.`)}</p>`,
    `<p>${escaped(completeness(snapshot).sentence)}</p>`,
    `<p>Made by Taplight ${escaped(data.program)}, ${formatTime(data.madeUs)}.${data.isRedacted ? ' Addresses and names in it were replaced.' : ''}</p>`,
    alertTable(data),
    protocolTable(data),
    hostTable(data),
    flowTable(data),
    healthTable(data),
    '</div>',
  ].join('\n');
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `<h2>${escaped(title)}</h2>\n<p>None.</p>`;
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const lines = rows
    .slice(0, rowsShown)
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  const more = rows.length > rowsShown ? `\n<p>and ${formatCount(rows.length - rowsShown)} more</p>` : '';
  return `<h2>${escaped(title)}</h2>\n<table>\n<tr>${head}</tr>\n${lines.join('\n')}\n</table>${more}`;
}

/** Columns of rows by name, as text. */
function cells(data: ReportData, name: string, wanted: readonly string[]): (string | number | null)[][] {
  const window = data.tables[name];
  if (window === undefined) return [];
  const places = wanted.map((column) => window.columns.findIndex((each) => each.name === column));
  return window.rows.map((row) =>
    places.map((at) => {
      const cell = at === -1 ? null : row[at];
      return typeof cell === 'number' || typeof cell === 'string' ? cell : cell === null ? null : String(cell);
    }),
  );
}

const text = (cell: string | number | null): string => (cell === null ? '' : String(cell));
const bytesText = (cell: string | number | null): string => (typeof cell === 'number' ? formatBytes(cell) : '');

function alertTable(data: ReportData): string {
  const rows = cells(data, 'alerts', ['severity', 'title', 'explain', 'last_ts', 'filter']);
  return table(
    'Alerts',
    ['severity', 'what', 'why', 'last', 'Wireshark'],
    rows.map(([severity, title, explain, last, filter]) => [
      text(severity),
      text(title),
      text(explain),
      typeof last === 'number' ? formatTime(last) : '',
      text(filter),
    ]),
  );
}

function protocolTable({ snapshot }: ReportData): string {
  const rows = Object.entries(snapshot.apps).sort((a, b) => b[1].bytes - a[1].bytes);
  const all = rows.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return table(
    'Protocols',
    ['protocol', 'flows', 'bytes', 'share'],
    rows.map(([name, { flows, bytes }]) => [name, formatCount(flows), formatBytes(bytes), formatPercent(bytes, all)]),
  );
}

function hostTable(data: ReportData): string {
  const rows = cells(data, 'hosts', ['ip', 'name', 'bytes_in', 'bytes_out', 'flows']);
  return table(
    'Largest hosts',
    ['address', 'name', 'bytes in', 'bytes out', 'flows'],
    rows.map(([ip, name, bytesIn, bytesOut, flows]) => [
      text(ip),
      text(name),
      bytesText(bytesIn),
      bytesText(bytesOut),
      text(flows),
    ]),
  );
}

function flowTable(data: ReportData): string {
  const wanted = ['src_ip', 'src_port', 'dst_ip', 'dst_port', 'app', 'host', 'bytes_fwd', 'bytes_rev', 'state'];
  return table(
    'Largest flows',
    ['client', 'port', 'server', 'port', 'protocol', 'name', 'sent', 'received', 'state'],
    cells(data, 'flows', wanted).map((row) =>
      row.map((cell, at) => (wanted[at].startsWith('bytes_') ? bytesText(cell) : text(cell))),
    ),
  );
}

function healthTable({ snapshot }: ReportData): string {
  const { reasons } = completeness(snapshot);
  const rows = [...reasons, ...snapshot.findings].map((each) => [each.text, each.advice]);
  return table('What was found, and what to do', ['what', 'what to do'], rows);
}
