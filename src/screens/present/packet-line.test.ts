// Proves that the lines promised to the letter are kept to the letter, for every kind of frame.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, ipProtoName, PacketLine } from '../../core/index.ts';
import { anomalyLine, packetLineBytes, seedPacketLine, writePacketLine } from './packet-line.ts';

const line = (fields: Partial<PacketLine>): string => seedPacketLine(Object.assign(new PacketLine(), fields));
const mac = Uint8Array.of(0, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 255, 255, 255, 255, 255, 255);

test('IPv4 and IPv6', () => {
  expect(line({ ipVersion: 4, src0: 0xc0a80101 | 0, dst0: 0xc0a80102 | 0, proto: 6, wireLen: 64 })).toBe(
    'Source IP: 192.168.1.1, Destination IP: 192.168.1.2, Protocol: 6 (TCP), Packet Length: 64 bytes',
  );
  expect(line({ ipVersion: 6, src0: 0xfe800000 | 0, src3: 1, dst3: 1, proto: 58, wireLen: 1514 })).toBe(
    'Source IP: fe80::1, Destination IP: ::1, Protocol: 58 (IPv6-ICMP), Packet Length: 1514 bytes',
  );
  expect(line({ ipVersion: 4, proto: 253, wireLen: 20 })).toBe(
    'Source IP: 0.0.0.0, Destination IP: 0.0.0.0, Protocol: 253 (PROTO-253), Packet Length: 20 bytes',
  );
});

test.each([
  [{ hasMac: true, etherType: 0x0806 }, '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff', '0x0806 (ARP)'],
  [{ hasMac: true, etherType: 0x88cc }, '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff', '0x88cc (LLDP)'],
  [{ hasMac: true, etherType: 0x1234 }, '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff', '0x1234'],
  [{ hasMac: true, etherType: -1 }, '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff', 'LLC'],
  [{ hasMac: true, etherType: 38 }, '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff', 'LLC'],
  [{ etherType: 0x0806 }, 'unknown', 'unknown', '0x0806 (ARP)'],
  [{}, 'unknown', 'unknown', 'unknown'],
])('a frame without IP: %j', (fields, source, destination, protocol) => {
  expect(line({ ...fields, mac, wireLen: 42 })).toBe(
    `Source MAC: ${source}, Destination MAC: ${destination}, Protocol: ${protocol}, Packet Length: 42 bytes`,
  );
});

test('any packet fits the room, and bytes and text agree', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(
      fc.constantFrom(4, 6),
      fc.tuple(word, word, word, word),
      fc.nat(255),
      fc.nat(),
      (version, w, proto, length) => {
        const packet = Object.assign(new PacketLine(), { ipVersion: version, proto, wireLen: length });
        [packet.src0, packet.src1, packet.src2, packet.src3] = w;
        [packet.dst3, packet.dst2, packet.dst1, packet.dst0] = w;
        const [source, destination] = [formatAddress(version, ...w), formatAddress(version, w[3], w[2], w[1], w[0])];
        const text = `Source IP: ${source}, Destination IP: ${destination}, Protocol: ${proto} (${ipProtoName(proto)}), Packet Length: ${length} bytes`;
        expect(seedPacketLine(packet)).toBe(text);
        const out = new Uint8Array(packetLineBytes + 1);
        const end = writePacketLine(out, 1, packet);
        expect(end).toBeLessThanOrEqual(packetLineBytes);
        expect(String.fromCharCode(...out.subarray(1, end))).toBe(`${text}\n`);
      },
    ),
  );
});

test('a source that sends too much', () => {
  expect(anomalyLine('192.168.1.1', 120)).toBe('Anomaly Detected! IP 192.168.1.1 sent 120 packets.');
  expect(anomalyLine('x\u001b[2J', 1234567)).toBe('Anomaly Detected! IP x\\x1b[2J sent 1234567 packets.');
});
