// Columns of tables as places of the filter language, and the fields that are made of several columns.

import { type FilterField, type FilterPlace, ipProto, ipProtoName, severities } from '../../../core/index.ts';
import type { Column, Table } from '../tables/index.ts';

/** Columns of counters say in their names that they count bytes. */
const countsBytes = /(^|_)(bytes|payload|repeated)(_|$)/;

export function placeOf(table: Table, column: Column): FilterPlace {
  const unit = column.unit ?? (countsBytes.test(column.name) ? 'bytes' : undefined);
  return {
    table: table.name,
    columns: [column.name],
    kind: column.kind,
    ...(column.nullable === true ? { isNullable: true } : {}),
    ...(column.isLowerCase === true ? { isLowerCase: true } : {}),
    ...(unit === undefined ? {} : { unit }),
  };
}

const protoWords: Readonly<Record<string, number>> = Object.fromEntries([
  ...['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'gre', 'esp', 'ah'].map((name) => [name, ipProto[name as 'tcp']]),
  ...Array.from({ length: 256 }, (_, n) => [ipProtoName(n).toLowerCase(), n]).filter(
    ([name]) => !String(name).startsWith('proto-'),
  ),
  ...Object.entries(ipProto).map(([name, n]) => [name.toLowerCase(), n]),
]);

/** TCP conversations that are not over; `none` and what was closed are. */
const stateGroups = {
  open: ['syn_sent', 'syn_recv', 'established', 'fin_wait1', 'fin_wait2', 'close_wait', 'closing', 'last_ack'],
  closed: ['closed', 'time_wait'],
};

/** Columns of events that hold a name of a host. */
const hostNames = new Set(['host', 'hostname', 'host_name', 'sni', 'query', 'server_name', 'client_fqdn', 'name']);

/** Words of which a chip asks the whole: few, and parts of one another. */
const wholeWords = new Set(['app', 'state', 'conn_state', 'end_reason', 'verdict', 'sensor', 'iface', 'origin', 'ja4']);

/** A field of one column, as declared. */
export function columnField(name: string, table: Table, column: Column): FilterField {
  return {
    name,
    title: column.title,
    places: [placeOf(table, column)],
    ...(wholeWords.has(column.name) ? { isWhole: true } : {}),
    ...(column.name === 'proto' ? { words: protoWords } : {}),
    ...(/_mac$/.test(column.name) && column.kind === 'word' ? { form: 'mac' } : {}),
    ...(column.name === 'direction' ? { words: { inside: 0, out: 1, in: 2, outside: 3 } } : {}),
  };
}

/** Fields that a table has besides its columns: sides joined, directions added up, words for numbers. */
export function composites(table: Table): FilterField[] {
  const has = (...names: string[]): boolean => names.every((name) => table.columns.some((each) => each.name === name));
  const at = (name: string): FilterPlace => placeOf(table, table.columns.find((each) => each.name === name)!);
  const fields: FilterField[] = [];
  const add = (
    names: readonly string[],
    title: string,
    places: FilterPlace[],
    more: Partial<FilterField> = {},
  ): void => {
    for (const name of names) fields.push({ name, title, places, ...more });
  };
  const sum = (names: readonly string[], title: string, columns: readonly string[]): void => {
    if (has(...columns)) add(names, title, [{ ...at(columns[0]), columns }]);
  };
  addAddresses(table, at, add);
  if (has('src_port', 'dst_port', 'proto')) addPorts(at, add);
  if (has('proto')) addProtocols(table, at('proto'), add);
  for (const [sent, received] of [
    ['fwd', 'rev'],
    ['tx', 'rx'],
  ]) {
    sum(['bytes'], 'Bytes of both sides', [`bytes_${sent}`, `bytes_${received}`]);
    sum(['packets'], 'Packets of both sides', [`pkts_${sent}`, `pkts_${received}`]);
    sum(['payload'], 'Payload bytes of both sides', [`payload_${sent}`, `payload_${received}`]);
    sum(['repeated'], 'TCP bytes sent again, both sides', [`repeated_${sent}`, `repeated_${received}`]);
  }
  if (has('pkts')) add(['packets'], 'Packets of both sides', [at('pkts')]);
  if (has('src_mac', 'dst_mac'))
    add(['eth.addr', 'mac'], 'MAC address of either side', [at('src_mac'), at('dst_mac')], { form: 'mac' });
  if (has('community')) add(['community_id', 'communityid'], 'Community ID', [at('community')]);
  if (table.name === 'flows')
    add(['state', 'tcp.state'], 'TCP state', [at('state')], { groups: stateGroups, isWhole: true });
  if (table.name === 'alerts') addAlerts(at, add);
  add(['time', 'frame.time'], 'When', [at(table.time)]);
  return fields;
}

type Add = (names: readonly string[], title: string, places: FilterPlace[], more?: Partial<FilterField>) => void;
type At = (name: string) => FilterPlace;

function addAddresses(table: Table, at: At, add: Add): void {
  const addresses = table.columns.filter(({ kind }) => kind === 'address').map(({ name }) => at(name));
  if (addresses.length === 0) return;
  const isName = ({ name, kind }: Column): boolean => hostNames.has(name) && (kind === 'text' || kind === 'texts');
  const names = table.columns.filter(isName).map(({ name }) => at(name));
  const [first] = addresses[0].columns;
  add(['ip.addr', 'ipv6.addr', 'addr'], 'Address of either side', addresses);
  add(['ip'], 'Address of either side; alone: IPv4', addresses, { alone: `${table.name}.${first} == 0.0.0.0/0` });
  const isIpv6 = `${table.name}.${first} and not ${table.name}.${first} == 0.0.0.0/0`;
  add(['ipv6'], 'Address of either side; alone: IPv6', addresses, { alone: isIpv6 });
  add(['host'], 'Address of either side, or name', [...addresses, ...names], { form: 'address or name' });
}

function addPorts(at: At, add: Add): void {
  const sides = { port: ['src_port', 'dst_port'], srcport: ['src_port'], dstport: ['dst_port'] };
  add(['port'], 'Port of either side', [at('src_port'), at('dst_port')]);
  for (const name of ['tcp', 'udp', 'sctp'] as const) {
    const guard = { column: 'proto', kind: 'u8', equals: ipProto[name] } as const;
    for (const [side, columns] of Object.entries(sides)) {
      const title = `${name.toUpperCase()} port${side === 'port' ? ' of either side' : side === 'srcport' ? ' of the originator' : ' of the responder'}`;
      add(
        [`${name}.${side}`],
        title,
        columns.map((column) => ({ ...at(column), guard })),
      );
    }
  }
}

function addProtocols(table: Table, proto: FilterPlace, add: Add): void {
  add(['proto', 'ip.proto'], 'IP protocol', [proto], { words: protoWords });
  for (const name of ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'gre', 'esp', 'igmp', 'ospf'] as const) {
    const guard = { column: 'proto', kind: 'u8', equals: ipProto[name] } as const;
    add([name], `${name.toUpperCase()} packets`, [{ table: table.name, columns: [], kind: 'flag', guard }], {
      form: 'protocol',
    });
  }
}

function addAlerts(at: At, add: Add): void {
  const ranks = Object.fromEntries(severities.map((name, rank) => [name, rank]));
  add(['severity', 'alert.severity'], 'Severity', [at('severity_rank')], { words: ranks });
  add(['state', 'alert.state'], 'Open or closed', [at('state')], { isWhole: true });
  const form = 'addresses in text';
  const both = [at('sources'), at('targets')];
  add(['ip.addr', 'ip', 'ipv6.addr', 'addr', 'host'], 'Address it names', both, { form });
  add(['ip.src', 'ipv6.src', 'src'], 'Where it comes from', [at('sources')], { form });
  add(['ip.dst', 'ipv6.dst', 'dst'], 'What it is aimed at', [at('targets')], { form });
  add(['community_id', 'communityid'], 'Community ID of a flow', [at('flows')]);
}

/** Where a word alone is looked for. */
export function searchPlaces(table: Table): FilterPlace[] {
  const known = table.name === 'flows' ? ['host', 'service', 'app'] : null;
  const isSearched = ({ name, kind }: Column): boolean => {
    if (known !== null) return known.includes(name);
    return (kind === 'text' || kind === 'word' || kind === 'texts') && !notSearched.has(name);
  };
  return table.columns.filter(isSearched).map((column) => placeOf(table, column));
}

const notSearched = new Set(['sensor', 'alert_id', 'filter', 'unit', 'program', 'system', 'hash', 'ends_hash']);
