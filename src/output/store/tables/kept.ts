// Tables of things that change: alerts, runs; and rows about hosts' names and about sensors.

import type { Table } from './column.ts';

export const alerts: Table = {
  name: 'alerts',
  title: 'Alerts',
  time: 'last_ts',
  keep: 'state',
  key: ['run', 'alert_id'],
  columns: [
    { name: 'run', kind: 'u64', title: 'Run that saw it' },
    { name: 'sensor', kind: 'word', title: 'Sensor that saw it', filters: ['sensor'] },
    { name: 'alert_id', kind: 'text', title: 'Name of the alert', filters: ['alert.id'] },
    { name: 'version', kind: 'u64', title: 'Which state of it is newer' },
    { name: 'detector', kind: 'word', isLowerCase: true, title: 'Detector', filters: ['alert.detector', 'detector'] },
    { name: 'title', kind: 'word', title: 'Detector in words' },
    { name: 'severity', kind: 'word', isLowerCase: true, title: 'Severity', filters: ['alert.severity', 'severity'] },
    { name: 'severity_rank', kind: 'u8', title: 'Severity as a number, 0 info to 5 critical' },
    { name: 'score', kind: 'real', title: 'Points', filters: ['alert.score'] },
    { name: 'confidence', kind: 'real', title: 'Confidence, 0 to 1' },
    { name: 'state', kind: 'word', isLowerCase: true, title: 'Open or closed', filters: ['alert.state'] },
    { name: 'key', kind: 'text', title: 'What it is about', filters: ['alert.key'] },
    { name: 'sources', kind: 'texts', title: 'Where it comes from', filters: ['alert.source'] },
    { name: 'targets', kind: 'texts', title: 'What it is aimed at', filters: ['alert.target'] },
    { name: 'first_ts', kind: 'time', title: 'First sign' },
    { name: 'last_ts', kind: 'time', title: 'Last sign' },
    { name: 'count', kind: 'u64', title: 'How often', filters: ['alert.count'] },
    { name: 'observed', kind: 'real', title: 'Measured' },
    { name: 'threshold', kind: 'real', title: 'Limit' },
    { name: 'unit', kind: 'word', title: 'Unit of both' },
    { name: 'explain', kind: 'text', title: 'In one sentence', filters: ['alert.explain'] },
    { name: 'mitre', kind: 'word', title: 'ATT&CK technique', filters: ['mitre'] },
    { name: 'flows', kind: 'texts', title: 'Community IDs' },
    { name: 'packets', kind: 'reals', title: 'Packet numbers' },
    { name: 'filter', kind: 'text', title: 'Wireshark display filter' },
    { name: 'details', kind: 'json', title: 'All of it' },
  ],
};

export const runs: Table = {
  name: 'runs',
  title: 'Captures and imported files',
  time: 'last_ts',
  keep: 'state',
  key: ['run'],
  columns: [
    { name: 'run', kind: 'u64', title: 'Number of the run' },
    { name: 'sensor', kind: 'word', title: 'Sensor', filters: ['sensor'] },
    { name: 'version', kind: 'u64', title: 'Which state of it is newer' },
    { name: 'kind', kind: 'word', title: '`live` or `file`' },
    { name: 'source', kind: 'text', title: 'Interface or file', filters: ['source'] },
    { name: 'hash', kind: 'text', title: 'SHA-256 of the file; of a large one, of samples' },
    // Tells without reading all of it that a file is surely none of those that are known.
    { name: 'ends_hash', kind: 'text', title: 'Size and SHA-256 of both ends of the file' },
    { name: 'state', kind: 'word', title: '`open` until it is whole, then `done`' },
    { name: 'began_ts', kind: 'time', title: 'When it was begun, by the clock' },
    { name: 'first_ts', kind: 'time', title: 'First packet', nullable: true },
    { name: 'last_ts', kind: 'time', title: 'Last packet', nullable: true },
    { name: 'packets', kind: 'u64', title: 'Packets' },
    { name: 'bytes', kind: 'u64', title: 'Bytes' },
    { name: 'program', kind: 'word', title: 'Version of the program' },
  ],
};

/** Names that addresses were called by: partial counts; add them up. */
export const names: Table = {
  name: 'names',
  title: 'Names of addresses',
  time: 'last_ts',
  keep: 'rollup',
  columns: [
    { name: 'run', kind: 'u64', title: 'Run that saw it' },
    { name: 'sensor', kind: 'word', title: 'Sensor that saw it', filters: ['sensor'] },
    { name: 'ip', kind: 'address', title: 'Address', filters: ['ip.addr', 'ip', 'host'] },
    { name: 'name', kind: 'text', title: 'Name', filters: ['name'] },
    { name: 'origin', kind: 'word', title: 'Who said so: dns, tls, http, dhcp, mdns …', filters: ['origin'] },
    { name: 'first_ts', kind: 'time', title: 'First time' },
    { name: 'last_ts', kind: 'time', title: 'Last time' },
    { name: 'count', kind: 'u64', title: 'How often' },
  ],
};

/** How rows of one key become one, in tables of sums that are no rollups: by table, then by column. */
export const merges: Readonly<Record<string, Readonly<Record<string, 'min' | 'max' | 'sum'>>>> = {
  names: { first_ts: 'min', last_ts: 'max', count: 'sum' },
};

/** How sensors are: a row each now and then. */
export const sensors: Table = {
  name: 'sensors',
  title: 'Health of sensors',
  time: 'ts',
  keep: 'raw',
  columns: [
    { name: 'run', kind: 'u64', title: 'Run' },
    { name: 'sensor', kind: 'word', title: 'Sensor', filters: ['sensor'] },
    { name: 'ts', kind: 'time', title: 'When' },
    { name: 'program', kind: 'word', title: 'Version of the program' },
    { name: 'system', kind: 'word', title: 'Operating system' },
    { name: 'source', kind: 'word', title: 'Interface or file' },
    { name: 'packets', kind: 'u64', title: 'Packets since it began' },
    { name: 'bytes', kind: 'u64', title: 'Bytes since it began' },
    { name: 'packets_per_sec', kind: 'real', title: 'Packets a second since the row before' },
    { name: 'bits_per_sec', kind: 'real', title: 'Bits a second since the row before' },
    { name: 'dropped_kernel', kind: 'u64', title: 'Packets dropped by the kernel' },
    { name: 'dropped_iface', kind: 'u64', title: 'Packets dropped by the interface' },
    { name: 'dropped_queue', kind: 'u64', title: 'Records dropped because an output was too slow' },
    { name: 'dropped_store', kind: 'u64', title: 'Rows dropped because the store was too slow' },
    { name: 'flows_active', kind: 'u64', title: 'Flows in the table' },
    { name: 'flows_total', kind: 'u64', title: 'Flows since it began' },
    { name: 'alerts', kind: 'u64', title: 'Alerts since it began' },
    { name: 'spool_bytes', kind: 'u64', title: 'Waiting on disk for the server', unit: 'bytes' },
    { name: 'memory_bytes', kind: 'u64', title: 'Resident memory', unit: 'bytes' },
    { name: 'cpu_percent', kind: 'real', title: 'CPU of one core since the row before', unit: '%' },
  ],
};
