// NetBIOS datagrams (RFC 1002 §4.4): messages to names of a local network, such as the browser's announcements.
//
//   | type | flags | id (2) | source address (4) | source port (2) | length (2) | offset (2) | two names | data …

import { type AnyEvent, ipv4Text, number, text, u16 } from '../../../core/index.ts';
import { decodeNetbios, encodedLetters, netbiosRead, suffixName } from '../names/netbios-name.ts';
import { between, defineProtocol, probed, startingWith } from '../protocol.ts';

const namesAt = 14;
const firstType = 0x10;

const types = ['direct', 'group', 'broadcast', 'error', 'query', 'positive answer', 'negative answer'];

const fields = {
  type: text('Kind of datagram'),
  id: number('Number of the datagram', { filter: 'nbdgm.dgram_id' }),
  sourceAddress: text('Address of the sender', { filter: 'nbdgm.src.ip' }),
  sourceName: text('Name of the sender', { filter: 'nbdgm.source_name' }),
  sourceSuffix: text('What has the name'),
  destinationName: text('Name that is addressed', { filter: 'nbdgm.destination_name' }),
  destinationSuffix: text('What has the name'),
};

/** Reads the name at `at` into two fields; gives the position after it, -1 when there is none. */
function readName(event: AnyEvent, which: 'source' | 'destination', b: Uint8Array, at: number, end: number): number {
  if (at >= end || b[at] !== encodedLetters || !decodeNetbios(b, at + 1, end)) return -1;
  event[`${which}Name`] = netbiosRead.name;
  event[`${which}Suffix`] = suffixName(netbiosRead.suffix);
  let o = at + 1 + encodedLetters;
  // Labels of the scope, up to the empty one.
  while (o < end && b[o] !== 0) o += 1 + b[o];
  return o + 1;
}

export const nbdgm = defineProtocol({
  name: 'nbdgm',
  title: 'NetBIOS datagrams',
  family: 'machine',
  ports: { udp: [138] },
  fields,
  probe: startingWith(between(firstType, 0x16), (b, at, end, hint) => {
    if (end - at < 10 || b[at + 1] > 0x0f) return probed.no;
    if (hint.isPort) return probed.yes;
    const name = at + namesAt;
    return name < end && b[name] === encodedLetters && decodeNetbios(b, name + 1, end) ? probed.yes : probed.no;
  }),
  open: (conversation) => ({
    data(side, b, at, end) {
      if (end - at < 10) return end - at;
      const event: AnyEvent = {
        type: types[b[at] - firstType] ?? String(b[at]),
        id: u16(b, at + 2),
        sourceAddress: ipv4Text(b, at + 4),
      };
      if (b[at] <= 0x12) {
        const next = readName(event, 'source', b, at + namesAt, end);
        if (next > 0) readName(event, 'destination', b, next, end);
      } else if (b[at] >= 0x14) readName(event, 'destination', b, at + 10, end);
      conversation.emit(event, { side });
      return end - at;
    },
  }),
});
