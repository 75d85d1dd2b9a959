// Small builders of sound frames for the tests of this room: each returns bytes, with lengths and checksums filled in.

export type Bytes = readonly number[];

/** Bytes of hexadecimal text; blanks are ignored. */
export function hex(text: string): number[] {
  const digits = text.replace(/\s/g, '');
  return Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function be16(n: number): number[] {
  return [(n >>> 8) & 255, n & 255];
}

export function be32(n: number): number[] {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
}

export function le16(n: number): number[] {
  return [n & 255, (n >>> 8) & 255];
}

/** One's complement sum as RFC 1071 describes it, the slow and plain way. */
export function internetChecksum(bytes: Bytes): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += bytes[i] * 256 + (bytes[i + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return 0xffff - sum;
}

function withChecksum(bytes: Bytes, at: number, pseudo: Bytes): number[] {
  const out = [...bytes];
  const sum = internetChecksum([...pseudo, ...out]);
  out[at] = sum >>> 8;
  out[at + 1] = sum & 255;
  return out;
}

export const macs = hex('02 00 00 00 00 02 02 00 00 00 00 01');
export const addresses4 = hex('0a 00 00 01 c0 a8 01 fe');
export const addresses6 = hex('20010db8 00000000 00000000 00000001 fe800000 00000000 02000000 fffffffe');

export function ethernet(type: number, payload: Bytes): number[] {
  return [...macs, ...be16(type), ...payload];
}

export function vlan(id: number, type: number, payload: Bytes): number[] {
  return [...be16(id), ...be16(type), ...payload];
}

export interface Ipv4Parts {
  readonly options?: Bytes;
  /** Flags and offset field. */
  readonly fragment?: number;
  readonly totalLength?: number;
}

export function ipv4(proto: number, payload: Bytes, parts: Ipv4Parts = {}): number[] {
  const options = parts.options ?? [];
  const length = parts.totalLength ?? 20 + options.length + payload.length;
  const first = 0x40 | (5 + options.length / 4);
  const head = [first, 0x10, ...be16(length), 0x12, 0x34, ...be16(parts.fragment ?? 0), 64, proto, 0, 0, ...addresses4];
  return [...withChecksum([...head, ...options], 10, []), ...payload];
}

export function ipv6(next: number, payload: Bytes, payloadLength: number = payload.length): number[] {
  return [0x6a, 0xb0, 0, 0, ...be16(payloadLength), next, 63, ...addresses6, ...payload];
}

/** Pseudo-header for the addresses above. */
export function pseudo(version: number, proto: number, size: number): number[] {
  return [...(version === 4 ? addresses4 : addresses6), ...be32(size), 0, 0, 0, proto];
}

export function tcp(payload: Bytes, version = 4, options: Bytes = []): number[] {
  const offset = (5 + options.length / 4) << 4;
  const head = [...be16(40000), ...be16(443), 0x89, 0xab, 0xcd, 0xef, 0, 0, 0, 7, offset, 0x18, 0x20, 0, 0, 0, 0, 0];
  const segment = [...head, ...options, ...payload];
  return withChecksum(segment, 16, pseudo(version, 6, segment.length));
}

export function udp(srcPort: number, dstPort: number, payload: Bytes, version = 4): number[] {
  const datagram = [...be16(srcPort), ...be16(dstPort), ...be16(8 + payload.length), 0, 0, ...payload];
  return withChecksum(datagram, 6, pseudo(version, 17, datagram.length));
}

export function icmpEcho(payload: Bytes): number[] {
  return withChecksum([8, 0, 0, 0, 0x11, 0x22, 0, 1, ...payload], 2, []);
}

export function neighbourSolicitation(): number[] {
  const message = [135, 0, 0, 0, 0, 0, 0, 0, ...addresses6.slice(16)];
  return withChecksum(message, 2, pseudo(6, 58, message.length));
}

/** SNAP header with organization 0. */
export function snap(type: number, payload: Bytes): number[] {
  return [0xaa, 0xaa, 3, 0, 0, 0, ...be16(type), ...payload];
}

/** A small IPv4 datagram with TCP in it, for what carries one. */
export const plainTcp = ipv4(6, tcp([1, 2, 3, 4, 5]));
export const plainUdp6 = ipv6(17, udp(5353, 53, [9, 8, 7], 6));
