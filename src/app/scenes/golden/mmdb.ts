// A tiny database in MaxMind's format (https://maxmind.github.io/MaxMind-DB/), for tests: IPv4 networks and their records.

import { Buffer } from 'node:buffer';

type Value = string | number | { readonly [name: string]: Value };

/** Sizes below 285, types up to 7. */
const control = (type: number, size: number): Buffer =>
  Buffer.from(size < 29 ? [(type << 5) | size] : [(type << 5) | 29, size - 29]);

/** Texts, doubles for broken numbers, unsigned 32 bits for whole ones, maps. */
function encoded(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
    if (Number.isInteger(value)) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes]);
  }
  const pairs = Object.entries(value);
  return Buffer.concat([control(7, pairs.length), ...pairs.flatMap(([name, each]) => [encoded(name), encoded(each)])]);
}

/** @param networks `203.0.113.0/24` → its record; none lies in another */
export function mmdb(type: string, networks: Readonly<Record<string, Value>>): Buffer {
  const nodes: [number | null, number | null][] = [[null, null]];
  const data: Buffer[] = [];
  let dataBytes = 0;
  for (const [network, record] of Object.entries(networks)) {
    const [ip, prefix] = network.split('/');
    const word = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    let node = 0;
    for (let bit = 0; bit < Number(prefix); bit++) {
      const side = Math.floor(word / 2 ** (31 - bit)) % 2;
      if (bit === Number(prefix) - 1) nodes[node][side] = -(dataBytes + 1);
      else {
        nodes[node][side] ??= nodes.push([null, null]) - 1;
        node = nodes[node][side] as number;
      }
    }
    const bytes = encoded(record);
    data.push(bytes);
    dataBytes += bytes.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [i, sides] of nodes.entries()) {
    for (const [side, to] of sides.entries()) {
      const pointer = to === null ? nodes.length : to < 0 ? nodes.length + 16 - to - 1 : to;
      tree.writeUIntBE(pointer, i * 6 + side * 3, 3);
    }
  }
  const about = { node_count: nodes.length, record_size: 24, ip_version: 4, database_type: type, build_epoch: 0 };
  const more = { binary_format_major_version: 2, binary_format_minor_version: 0 };
  const marker = Buffer.from('ABCDEF4D61784D696E642E636F6D', 'hex');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, encoded({ ...about, ...more })]);
}
