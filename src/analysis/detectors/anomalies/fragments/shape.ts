// What is wrong with a fragment by itself: lengths and places that no sender has a use for (RFC 791 §3.2, RFC 1858,
// RFC 3128, RFC 8200 §4.5, RFC 6980, RFC 7112).

import { ipProto, type Packet } from '../../../../core/index.ts';
import { readChain } from '../headers/ipv6-chain.ts';

/** Kinds, as bits; their words are in `shapeWords`. */
export const shape = {
  /** The first fragment does not hold the transport header, which filters need to see. */
  tiny: 1 << 0,
  /** A second fragment that begins inside the TCP header. */
  insideHeader: 1 << 1,
  /** Not the last one, and its length is no multiple of eight. */
  length: 1 << 2,
  duplicateHeader: 1 << 3,
  /** Neighbour discovery in fragments, which RFC 6980 forbids. */
  discovery: 1 << 4,
  /** A ping of about the largest size there is. */
  huge: 1 << 5,
  /** Ends beyond 65,535 bytes. */
  tooLong: 1 << 6,
  /** Told by reassembly. */
  conflict: 1 << 7,
  overlap: 1 << 8,
  end: 1 << 9,
} as const;

const shapeWords: readonly (readonly [bit: number, words: string])[] = [
  [shape.conflict, 'fragments with different contents for the same bytes'],
  [shape.overlap, 'fragments that overlap'],
  [shape.end, 'fragments that disagree where the datagram ends'],
  [shape.tiny, 'a first fragment without the transport header'],
  [shape.insideHeader, 'a fragment that begins inside the TCP header'],
  [shape.length, 'a fragment of a length that is no multiple of eight'],
  [shape.duplicateHeader, 'two fragment headers in one packet'],
  [shape.discovery, 'neighbour discovery in fragments'],
  [shape.huge, 'a ping of the largest size there is'],
];

/** Kinds in words. */
export function wordsOf(kinds: number): string {
  return shapeWords
    .filter(([bit]) => (kinds & bit) !== 0)
    .map(([, words]) => words)
    .join(', ');
}

/** Largest datagram, and from where on a ping is called huge. */
const datagramMost = 65_535;
const hugeBytes = 65_000;
/** Bytes of a transport header that a filter looks at. */
const headerLeast = (proto: number): number => (proto === ipProto.tcp ? 20 : 8);
const hasHeader = (proto: number): boolean =>
  proto === ipProto.tcp || proto === ipProto.udp || proto === ipProto.icmp || proto === ipProto.icmpv6;
const isDiscovery = (type: number): boolean => type >= 133 && type <= 137;

/** Bits of what is wrong with a packet, 0 when nothing is: fragments, and IPv6 packets that say they are none. */
export function shapeOf(p: Packet): number {
  if (p.ipVersion === 6) return shapeOf6(p);
  if (p.isFragment === 0) return 0;
  const headerLen = (p.bytes[p.l3At] & 15) << 2;
  const data = p.ipLen - headerLen;
  let found = edgesOf(p, data);
  if (headerLen + p.fragOffset + data > datagramMost) found |= shape.tooLong;
  if (p.fragOffset === 0 && p.moreFragments === 1 && hasHeader(p.proto) && data < headerLeast(p.proto))
    found |= shape.tiny;
  // Sixteen bytes of TCP hold the flags; a second fragment at eight could write them anew (RFC 3128 §2).
  if (p.fragOffset === 8 && p.proto === ipProto.tcp) found |= shape.insideHeader;
  return found;
}

function edgesOf(p: Packet, data: number): number {
  let found = 0;
  if (p.moreFragments === 1 && (data & 7) !== 0) found |= shape.length;
  const isPing = p.proto === ipProto.icmp || p.proto === ipProto.icmpv6;
  const end = p.fragOffset + data;
  if (isPing && p.moreFragments === 0 && end >= hugeBytes && end <= datagramMost) found |= shape.huge;
  return found;
}

function shapeOf6(p: Packet): number {
  const chain = readChain(p);
  if (chain.fragments === 0) return 0;
  let found = chain.fragments > 1 ? shape.duplicateHeader : 0;
  if (p.isFragment === 1 && p.fragOffset !== 0) {
    found |= edgesOf(p, chain.rest);
    return p.fragOffset + chain.rest > datagramMost ? found | shape.tooLong : found;
  }
  if (p.isFragment === 1 && p.moreFragments === 1 && ((p.ipLen - 40) & 7) !== 0) found |= shape.length;
  const isCut = chain.rest < 0 || (hasHeader(chain.next) && chain.rest < headerLeast(chain.next));
  if (isCut) found |= shape.tiny;
  if (p.isFragment === 1 && chain.next === ipProto.icmpv6 && isDiscovery(p.icmpType)) found |= shape.discovery;
  return found;
}
