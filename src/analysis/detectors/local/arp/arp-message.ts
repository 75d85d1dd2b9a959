// An ARP message over Ethernet for IPv4 (RFC 826), read in place; reused for every message.

import { net, type Packet } from '../../../../core/index.ts';
import { isGroupMac, macHigh, macLow } from '../mac.ts';

const arpType = 0x0806;
export const arpRequest = 1;
export const arpReply = 2;

export class ArpMessage {
  /** 1 request, 2 reply; 0: the frame at hand is none of them. */
  operation = 0;
  /** Of the frame: 0 0 where the link has none. */
  from0 = 0;
  from1 = 0;
  to0 = 0;
  to1 = 0;
  /** Sender and target as the message says: MAC and IPv4 address. */
  sender0 = 0;
  sender1 = 0;
  senderIp = 0;
  target0 = 0;
  target1 = 0;
  targetIp = 0;
  /** Outer VLAN, -1 when untagged. */
  vlan = -1;

  /** Reads the frame; false when it holds no ARP of Ethernet and IPv4. */
  read(p: Packet): boolean {
    this.operation = 0;
    if (p.net !== net.arp || p.l3At < 0 || p.etherType !== arpType || p.level !== 0) return false;
    const b = p.bytes;
    const at = p.l3At;
    // Hardware 1 (Ethernet; 6 is the same on IEEE 802 networks), protocol IPv4, addresses of 6 and 4 bytes.
    const hardware = (b[at] << 8) | b[at + 1];
    if (hardware !== 1 && hardware !== 6) return false;
    if (b[at + 2] !== 8 || b[at + 3] !== 0 || b[at + 4] !== 6 || b[at + 5] !== 4) return false;
    const operation = (b[at + 6] << 8) | b[at + 7];
    if (operation !== arpRequest && operation !== arpReply) return false;
    this.operation = operation;
    this.sender0 = macHigh(b, at + 8);
    this.sender1 = macLow(b, at + 12);
    this.senderIp = macHigh(b, at + 14);
    this.target0 = macHigh(b, at + 18);
    this.target1 = macLow(b, at + 22);
    this.targetIp = macHigh(b, at + 24);
    this.from0 = p.srcMacAt < 0 ? 0 : macHigh(b, p.srcMacAt);
    this.from1 = p.srcMacAt < 0 ? 0 : macLow(b, p.srcMacAt + 4);
    this.to0 = p.dstMacAt < 0 ? 0 : macHigh(b, p.dstMacAt);
    this.to1 = p.dstMacAt < 0 ? 0 : macLow(b, p.dstMacAt + 4);
    this.vlan = p.vlanOuter;
    return true;
  }

  /** The sender asks whether anyone has this address, before it takes it (RFC 5227 §2.1.1). */
  get isProbe(): boolean {
    return this.senderIp === 0;
  }

  /** The sender announces itself: nobody is asked (RFC 5227 §2.3). */
  get isAnnouncement(): boolean {
    return this.senderIp !== 0 && this.senderIp === this.targetIp;
  }

  /** To one station. */
  get isUnicast(): boolean {
    return (this.to0 | this.to1) !== 0 && !isGroupMac(this.to0);
  }
}
