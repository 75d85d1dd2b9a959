// An answer as a table for people.

import { eventPlaces, type Result, type Table } from '../../../../../output/store/index.ts';
import { cut, type Style, table } from '../../../../../screens/present/index.ts';
import { type AnswerColumn, cell, isNumber } from './cells.ts';

/** Cells that a text may take. */
const widest = 60;

const telling: Readonly<Record<string, readonly string[]>> = {
  flows: [
    'end_ts',
    'src_ip',
    'src_port',
    'dst_ip',
    'dst_port',
    'proto',
    'app',
    'host',
    'bytes_fwd',
    'bytes_rev',
    'duration_us',
    'rtt_us',
    'state',
  ],
  hosts: [
    'ip',
    'names',
    'bytes_tx',
    'bytes_rx',
    'flows_out',
    'flows_in',
    'last_ts',
    'apps',
    'alerts',
    'local',
    'macs',
    'first_ts',
  ],
  alerts: ['last_ts', 'alert_id', 'severity', 'detector', 'explain', 'state', 'count', 'key'],
  sensors: [
    'sensor',
    'ts',
    'source',
    'packets_per_sec',
    'bits_per_sec',
    'dropped_kernel',
    'dropped_queue',
    'dropped_store',
    'flows_active',
    'alerts',
    'spool_bytes',
    'cpu_percent',
    'memory_bytes',
    'program',
  ],
  runs: ['run', 'kind', 'source', 'state', 'began_ts', 'packets', 'bytes', 'sensor'],
};
/** The same for events, behind time and addresses. */
const tellingFields: Readonly<Record<string, readonly string[]>> = {
  http: ['method', 'host', 'uri', 'status_code', 'response_bytes', 'ttfb_us', 'user_agent'],
  http2: ['method', 'hostname', 'url', 'status', 'user_agent'],
  tls: ['sni', 'version', 'next_protocol', 'established', 'issuer', 'validity', 'ja4'],
  quic: ['sni', 'version_name', 'client_protocol', 'ja4'],
  files: ['app_proto', 'filename', 'mime_type', 'seen_bytes', 'total_bytes', 'missing_bytes', 'source'],
  ssh: ['client_banner', 'server_banner', 'is_logged_in', 'login_attempts', 'direction', 'cipher', 'key_exchange'],
  dhcp: ['assigned_address', 'host_name', 'mac', 'server_address', 'lease_us', 'message_types'],
  smtp: ['mail_from', 'rcpt_to', 'subject', 'last_reply', 'is_tls', 'user', 'message_bytes'],
  ftp: ['user', 'command', 'arg', 'reply_code', 'reply_message', 'file_bytes'],
  rdp: ['cookie', 'result', 'security_protocol', 'client_name', 'client_build', 'keyboard_layout'],
};
/** Own fields of other events that are shown: the first that are no documents. */
const shownFields = 7;

/** Columns that say most about a row of a table. */
export function tellingColumns({ name, columns }: Table): readonly string[] {
  if (Object.hasOwn(telling, name)) return telling[name];
  const names = columns.map((column) => column.name);
  if (!names.includes('flow_id')) return names;
  const known = tellingFields[name];
  if (known !== undefined) return ['ts', 'src_ip', 'dst_ip', ...known];
  const own = columns.filter((each) => !eventPlaces.includes(each.name) && each.kind !== 'json');
  return ['ts', 'src_ip', 'dst_ip', ...own.slice(0, shownFields).map((each) => each.name)];
}

/** Lines of a table; those that do not fit are left out from the right. */
export function answerTable(result: Result, declared: readonly AnswerColumn[], isOurs: boolean, style: Style): string {
  const columns = result.columns.map((column) => ({ ...declared.find(({ name }) => name === column.name), ...column }));
  const rows = result.rows.map((row) =>
    row.map((value, i) => cut(cell(value, columns[i], isOurs), widest, style.unicode)),
  );
  const heads = columns.map((column, i) => ({
    title: cut(column.name, widest, style.unicode),
    align: isNumber(column) ? ('right' as const) : ('left' as const),
    ...(i === 0 ? {} : { rank: i }),
  }));
  return `${table(heads, rows, style).join('\n')}\n`;
}
