// Layout of a flow-table row: 96 words (384 bytes, six cache lines), ordered by how often a packet touches them.
//
//   line 0   key, last time, packets and bytes both ways       every packet
//   line 1   timers, state, hosts, flags, TTL, payload bytes   every packet
//   line 2   handshake times, IPv6 key words                   handshake; every IPv6 packet
//   line 3   history, MAC addresses, tunnel, list links        first packet, end of flow
//   line 4   TCP sequence state of direction 0                 every TCP packet (tcp-analysis-rules.ts)
//   line 5   the same of direction 1                           every TCP packet
//
// `W_` offsets count 32-bit words, `D_` offsets count 64-bit doubles from the start of the row. Direction 0 is from the
// lower to the higher endpoint (by address words as signed integers, then port), direction 1 the way back.

export const ROW_WORDS = 96;
export const ROW_DOUBLES = 48;
/** Words of lines 0 to 3: what a record of the flow is made of. */
export const FACT_WORDS = 64;
/** Where the two directions' TCP sequence state begins. */
export const W_TCP = 64;

// line 0
/** IPv4: the address; IPv6: its last word. Lower endpoint, higher endpoint. */
export const W_LOW = 0;
export const W_HIGH = 1;
/** Port of the lower endpoint << 16 | port of the higher. */
export const W_PORTS = 2;
/** Protocol | IP version << 8 | KIND_ bits. */
export const W_KIND = 3;
export const D_LAST_US = 2;
/** Packets of direction 0 and 1, as unsigned words. */
export const W_PACKETS = 6;
/** Frame bytes of direction 0 and 1. */
export const D_BYTES = 4;
/** IP bytes of direction 0 and 1. */
export const D_IP_BYTES = 6;

// line 1
export const W_HASH = 16;
/** STATE_ bits. */
export const W_STATE = 17;
/** Host rows of the lower and higher endpoint, 0 when not counted. */
export const W_HOSTS = 18;
/** Tick of the flow clock at the last packet. */
export const W_TICK = 20;
/** TCP flags seen: direction 0 in the low half, direction 1 in the high half. */
export const W_FLAGS = 21;
/** TTL bytes: lowest of direction 0, highest of 0, lowest of 1, highest of 1 (lowest stored as 255 - ttl). */
export const W_TTL = 22;
/**
 * Letters of the history already written, one bit a letter: direction 0 in the low half, 1 in the high half. The highest
 * byte says how the flow counts for traffic over time (see flow-traffic.ts of the pipeline).
 */
export const W_LETTERS = 23;
export const D_FIRST_US = 12;
/** Transport payload bytes of direction 0 and 1. */
export const D_PAYLOAD = 13;
/** Links of the timer wheel slot, or of the list of dormant rows: row + 1, 0 for none. */
export const W_NEXT = 30;
export const W_PREV = 31;

// line 2
export const D_SYN_US = 16;
export const D_SYN_ACK_US = 17;
/** When it was closed: by then the time of the SYN-ACK has served. */
export const D_CLOSED_US = 17;
/** Lowest SYN to SYN-ACK, SYN-ACK to ACK, SYN to ACK, microseconds; -1 when not seen. */
export const W_SERVER_RTT = 36;
export const W_CLIENT_RTT = 37;
export const W_HANDSHAKE_RTT = 38;
/** Wheel slot + 1 the row is linked in; 0: none. */
export const W_SLOT = 39;
/** IPv6 words 0..2 of the lower and of the higher endpoint. */
export const W_LOW_V6 = 40;
export const W_HIGH_V6 = 43;
/** Initial sequence number of direction 0 and 1: of the SYN, or inferred from the first segment that tells it. */
export const W_BASE_SEQ = 46;

// line 3
/** History letters, one byte each, 16 at the most: capital for direction 0. Bits 8-12 of W_LETTERS count them. */
export const W_HISTORY = 48;
/** Packets that the hosts were told of, modulo 65536: direction 0 in the low half, 1 in the high half. */
export const W_TOLD = 52;
/** MAC addresses of the first frame, 12 bytes: source first. */
export const W_MAC = 53;
/** VLAN ids + 1: outer | inner << 16. */
export const W_VLAN = 56;
export const W_TUNNEL_ID = 57;
/** Links of the list of embryonic flows: row + 1. */
export const W_EMBRYO_NEXT = 58;
export const W_EMBRYO_PREV = 59;
/** Interface | part << 16. */
export const W_IFACE = 60;
/** EVER_ bits: what this conversation saw in all its parts. */
export const W_EVER = 61;
export const D_OUTER_ID = 31;

// W_KIND bits above the protocol and version
/** One-way ICMP, going from the higher to the lower endpoint: kept apart from the other way. */
export const KIND_DOWN = 1 << 16;

// W_STATE bits
export const STATE_USED = 1;
/** The record was written after an idle timeout; the row is only remembered. */
export const STATE_DORMANT = 2;
/** Not yet answered: first to go when the table is full. */
export const STATE_EMBRYO = 4;
/** The first packet travelled in direction 1. */
export const STATE_FIRST_DOWN = 8;
/** Originator is the higher endpoint. */
export const STATE_ORIGIN_HIGH = 16;
/** Bits 5-6: index into originRules. */
export const STATE_RULE_SHIFT = 5;
/** All bits of that index: 0 is the handshake. */
export const STATE_RULES = 3 << STATE_RULE_SHIFT;
export const STATE_ESTABLISHED = 128;
/** An alert named this flow. */
export const STATE_ALERTED = 256;
export const STATE_HAS_MAC = 512;
/** Both sides finished, or one reset: ends after the linger time. */
export const STATE_CLOSED = 1024;
export const STATE_RESET = 2048;
/** Bits per direction, shifted left by the direction. */
export const STATE_SYN = 1 << 12;
export const STATE_SYN_ACK = 1 << 14;
export const STATE_FIN = 1 << 16;
export const STATE_RST = 1 << 18;
export const STATE_DATA = 1 << 20;
export const STATE_ACK = 1 << 22;
/** A FIN of that direction was acknowledged by the other. */
export const STATE_FIN_ACKED = 1 << 24;
/** The sender is told only now and then, shifted left by the direction (see flow-hosts.ts of the pipeline). */
export const STATE_SELDOM = 1 << 29;
/** Its record was written at the end of the input. */
export const STATE_WRITTEN = 1 << 28;
/** Which side closed first, for time_wait against last_ack: direction bit valid once a FIN was seen. */
export const STATE_FIRST_FIN_HIGH = 1 << 26;
/** The closing reset came from direction 1. */
export const STATE_RST_HIGH = 1 << 27;

/** A protocol still wants the bytes of this flow. The sign, so that it is asked in one comparison. */
export const STATE_TALKS = 1 << 31;

/** Whether a row with this state holds a conversation whose record is not yet written. */
export function isOpen(state: number): boolean {
  return (state & STATE_USED) !== 0 && (state & (STATE_DORMANT | STATE_WRITTEN)) === 0;
}

// W_EVER bits
/** W_BASE_SEQ of that direction is valid (shifted left by the direction). */
export const EVER_BASE = 1;
/** Bytes of that direction were acknowledged and never seen (shifted left by the direction). */
export const EVER_GAP = 8;
/** The flow's name was found. */
export const EVER_NAMED = 4;
/** It was told that nobody answered. */
export const EVER_SILENT = 64;
/** Events of this part of the flow were told under an id that its conversation keeps. */
export const EVER_TOLD = 32;
