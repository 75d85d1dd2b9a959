// A report without addresses and names. What is not known to be harmless is replaced: a new column or a new sentence
// hides too much rather than too little.

import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { Failure } from '../../../../../core/index.ts';
import type { Cell, ReportData, RowWindow } from '../../../../../screens/api/index.ts';
import { isCommon } from './addresses.ts';
import { Redactor } from './words.ts';

/** Columns of text whose values are words of protocols and of ours. */
const plainColumns = new Set([
  'app',
  'state',
  'conn_state',
  'end_reason',
  'verdict',
  'severity',
  'detector',
  'title',
  'unit',
  'mitre',
  'kind',
  'origin',
  'version',
  'version_name',
  'zeek_version',
  'cipher',
  'curve',
  'validity',
  'key_type',
  'signature_algorithm',
  'ja4',
  'type',
  'rcode',
  'rcode_name',
  'qtype_name',
  'qclass_name',
  'opcode_name',
  'flags',
  'method',
  'protocol',
  'next_protocol',
  'client_alpns',
  'server_alpns',
  'alpn',
  'client_protocol',
  'last_alert',
  'history',
  'status_text',
  'country',
  'direction',
  'apps',
  'content_type',
  'roles',
  'vendor',
]);
/** Sentences: names in them are found by their looks and by being known. */
const sentenceColumns = new Set(['explain', 'filter']);
/** Texts of the snapshot that are ours and name nobody. */
const plainKeys = new Set([
  'state',
  'severity',
  'detector',
  'title',
  'unit',
  'mitre',
  'meaning',
  'benign',
  'next',
  'code',
  'advice',
  'level',
  'verdict',
  'app',
  'tactics',
  'linkTypes',
]);
/** Names whose looks give nothing away. */
const nameKeys = new Set(['key', 'sources', 'targets', 'host', 'client', 'server', 'ip', 'who', 'why']);

const texts = (cell: Cell): readonly string[] =>
  typeof cell === 'string' ? [cell] : Array.isArray(cell) ? cell.map(String) : [];

/** @param key left out: a new one, so that two reports cannot be laid side by side */
export function redacted(data: ReportData, key?: Buffer): ReportData {
  // An address could by chance become one that the capture has, too: then with another key.
  for (let attempt = 0; attempt < (key === undefined ? 20 : 1); attempt++) {
    const made = redactedBy(data, key ?? randomBytes(32));
    if (left(data, made) === null) return made;
    if (key !== undefined) break;
  }
  throw new Failure(
    'WRITE_FAILED',
    'an address or a name of the capture would have stayed in the report, so nothing was written',
    'This is a fault of the program: please report it, and do without --redact until then.',
  );
}

export function redactedBy(data: ReportData, key: Buffer): ReportData {
  const vocabulary = [
    ...data.protocols.flatMap(({ name, title }) => [name, title]),
    ...Object.keys(data.snapshot.apps),
    ...(data.snapshot.detection?.detectors.map(({ detector }) => detector) ?? []),
    ...data.snapshot.alerts.flatMap(({ detector, title, severity }) => [detector, title, severity]),
    ...Object.keys(data.snapshot.problems),
  ];
  const redactor = new Redactor(key, vocabulary);
  for (const name of Object.values(data.snapshot.names)) redactor.learn(name);
  for (const table of Object.values(data.tables)) learnTable(table, redactor);
  const { names, apps, problems, problemSamples, events, link, ip, ...snapshot } = data.snapshot;
  return {
    ...data,
    title: 'A capture, redacted',
    isRedacted: true,
    about: { ...data.about, names: [] },
    snapshot: {
      ...(walked(snapshot, '', redactor) as typeof snapshot),
      ...{ apps, problems, problemSamples, events, link, ip },
      names: Object.fromEntries(Object.entries(names).map(([ip, name]) => [redactor.name(ip), redactor.name(name)])),
    },
    tables: Object.fromEntries(
      Object.entries(data.tables).map(([name, table]) => [name, redactedTable(table, redactor)]),
    ),
  };
}

function learnTable({ columns, rows }: RowWindow, redactor: Redactor): void {
  for (const [at, { name, kind }] of columns.entries()) {
    if (!/^(text|word|texts)$/.test(kind) || plainColumns.has(name) || sentenceColumns.has(name)) continue;
    for (const row of rows) for (const text of texts(row[at])) redactor.learn(text);
  }
}

function redactedTable(table: RowWindow, redactor: Redactor): RowWindow {
  const rows = table.rows.map((row) => row.map((cell, at) => redactedCell(cell, table.columns[at], redactor)));
  return { ...table, rows };
}

function redactedCell(cell: Cell, { name, kind }: RowWindow['columns'][number], redactor: Redactor): Cell {
  if (name === 'details' && typeof cell === 'string') return redactedDetails(cell, redactor);
  if (kind === 'json' || kind === 'hash') return '';
  if (cell === null || typeof cell === 'number' || typeof cell === 'boolean' || plainColumns.has(name)) return cell;
  if (name === 'alert_id' || name === 'id') return redactor.digits(String(cell), 12);
  const hide = sentenceColumns.has(name)
    ? (text: string) => redactor.sentence(text)
    : (text: string) => redactor.name(text);
  if (typeof cell === 'string') return hide(cell);
  return cell.every((each) => typeof each === 'number') ? cell : cell.map((each) => hide(String(each)));
}

/** All of an alert, as JSON. */
function redactedDetails(text: string, redactor: Redactor): string {
  try {
    return JSON.stringify(walked(JSON.parse(text), '', redactor));
  } catch {
    return '';
  }
}

/** Every text below, by the key it lies under. */
function walked(value: unknown, key: string, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactedText(value, key, redactor);
  if (Array.isArray(value)) return value.map((each) => walked(each, key, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walked(each, name, redactor)]));
}

function redactedText(text: string, key: string, redactor: Redactor): string {
  if (plainKeys.has(key)) return text;
  if (/^(id|alert|alerts|explainedBy|flows)$/.test(key)) return redactor.digits(text, 12);
  return nameKeys.has(key) && isIP(text) === 0 && !text.includes(' ') ? redactor.name(text) : redactor.sentence(text);
}

/** What could tell who was there and is still in the report; null: nothing. */
export function left(original: ReportData, made: ReportData): string | null {
  const text = JSON.stringify(made).toLowerCase();
  const words = new Set(text.match(/[\p{L}\p{N}_.:@/%-]+/gu) ?? []);
  for (const secret of secretsOf(original)) {
    const isWord = /^[\p{L}\p{N}_.:@/%-]+$/u.test(secret);
    if (isWord ? words.has(secret) : text.includes(secret)) return secret;
  }
  return null;
}

/** Addresses and names with a point of a report, lower case: what must not be found again. */
export function secretsOf({ snapshot, tables }: ReportData): Set<string> {
  const secrets = new Set<string>();
  const add = (text: string): void => {
    const lower = text.toLowerCase();
    if (isIP(text) !== 0 ? !isCommon(lower) : /^[^\s]{3,}\.[^\s.]{2,}$/.test(lower) && /[a-z]/.test(lower))
      secrets.add(lower);
  };
  for (const [ip, name] of Object.entries(snapshot.names)) [ip, name].map(add);
  for (const { ip } of snapshot.talkers) add(ip);
  for (const { columns, rows } of Object.values(tables)) {
    for (const [at, { name, kind }] of columns.entries()) {
      if (!/^(address|text|word|texts)$/.test(kind) || plainColumns.has(name) || sentenceColumns.has(name)) continue;
      for (const row of rows) for (const text of texts(row[at])) add(text);
    }
  }
  return secrets;
}
