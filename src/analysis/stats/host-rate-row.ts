// Where a host's counts of one second lie. A file of its own: constants of another file become literals in the bundle.

export const bucketShift = 22;
/** 1 << (32 - bucketShift) */
export const buckets = 1024;
export const ways = 2;
/** 64 bytes: a row is one cache line. */
export const stride = 16;
/** Shift from a bucket's first word to its number: ways * stride is 32. */
export const bucketAt = 5;
export const ADDRESS = 0;
export const VERSION = 4;
export const PACKETS = 5;
/** Times others asked for this row: what it loses against them. */
export const KNOCKS = 6;
export const FRAGMENTS = 7;
/** Packets by kind. */
export const kindOther = 8;
export const kindTcp = 9;
export const kindSyn = 10;
export const kindBare = 11;
export const kindUdp = 12;
export const kindIcmp = 13;
export const doublesPerRow = 4;
export const BYTES = 0;
export const FIRST_PACKET = 1;
export const FIRST_US = 2;
export const LAST_US = 3;

// Of core's ipProto and tcpFlag, as literals.
export const icmp = 1;
export const tcp = 6;
export const udp = 17;
export const icmpv6 = 58;
export const syn = 2;
export const synAndAck = 18;
