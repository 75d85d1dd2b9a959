// MAC addresses as two words: the first four bytes and the last two, as in FlowSignal (IEEE 802 §8.2).

export const macHigh = (b: Uint8Array, at: number): number =>
  (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
export const macLow = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];

const byte = (n: number): string => (n & 255).toString(16).padStart(2, '0');

/** `00:1a:2b:3c:4d:5e`. */
export function macText(high: number, low: number): string {
  const bytes = [high >>> 24, high >>> 16, high >>> 8, high, low >>> 8, low];
  return bytes.map(byte).join(':');
}

/** Broadcast or multicast: the lowest bit of the first byte. */
export const isGroupMac = (high: number): boolean => (high & 0x01000000) !== 0;

/** Made up by software, not by a manufacturer (IEEE 802c): private addresses of phones, virtual machines, forged ones. */
export const isMadeUpMac = (high: number): boolean => (high & 0x02000000) !== 0;

/**
 * Shared by redundant routers or servers, so that it may move and stand beside another Ethernet source: VRRP and CARP
 * (RFC 9568 §7.3), HSRP, HSRP 2, HSRP for IPv6, GLBP (Cisco), network load balancing (Microsoft, 02:bf and 03:bf).
 */
export function isSharedMac(high: number, low: number): boolean {
  if (high === 0x00005e00) return low >>> 8 === 1 || low >>> 8 === 2;
  if (high === 0x00000c07) return low >>> 8 === 0xac;
  if (high === 0x00000c9f) return low >>> 12 === 0xf;
  if (high === 0x000573a0) return true;
  if (high === 0x0007b400) return true;
  return high >>> 16 === 0x02bf || high >>> 16 === 0x03bf;
}

/** Words of `00:1a:2b:3c:4d:5e`; 0 where the text is none. */
export const macHighOf = (text: string): number =>
  text.length === 17 ? Number.parseInt(text.slice(0, 11).replaceAll(':', ''), 16) | 0 : 0;
export const macLowOf = (text: string): number =>
  text.length === 17 ? Number.parseInt(text.slice(12).replaceAll(':', ''), 16) | 0 : 0;
