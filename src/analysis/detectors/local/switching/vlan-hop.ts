// VLAN hopping: a frame with two 802.1Q tags of which the first switch takes away the outer one (that of its native
// VLAN), and hosts that negotiate a trunk by Cisco's DTP.

import { type FlowSignal, formatAddress, moment, type Packet } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { isGroupMac, macHigh, macLow, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { snapProtocol } from './bpdu.ts';

const RAISED = 0;
const SEEN = 1;
const dtp = 0x2004;
const customerTag = 0x8100;

export const vlanHop = defineDetector({
  name: 'l2.vlan-hop',
  title: 'VLAN hopping',
  version: 1,
  severity: 'medium',
  mitre: 'T1599',
  meaning: 'A host that sends frames into a VLAN it has no right to gets around the separation of networks.',
  benign:
    'Stacked VLANs of a provider that use the customer’s tag type, or a switch port left as it came from the factory.',
  next: 'Find the port of the MAC address; make it an access port, switch off DTP, and use no native VLAN for hosts.',
  options: {
    nativeVlan: count(1, 'VLAN that switches send without a tag'),
    frames: count(3, 'Frames or conversations of one station with that VLAN outside'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    // 256 stations of 36 bytes.
    const senders = table({ capacity: 256, keyWords: 3, words: 2, idleSec: 3600 });
    return {
      moments: moment.opened,
      flow(s: FlowSignal): void {
        if (s.vlanInner < 0 || s.vlan !== options.nativeVlan || s.vlanInner === s.vlan) return;
        tellTags(s.srcMac0, s.srcMac1, s.vlanInner, formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3));
      },
      frame(p: Packet): void {
        if (p.level !== 0 || p.srcMacAt < 0) return;
        const b = p.bytes;
        const m0 = macHigh(b, p.srcMacAt);
        const m1 = macLow(b, p.srcMacAt + 4);
        if (p.vlanTags === 2 && p.vlanOuter === options.nativeVlan && p.vlanInner !== p.vlanOuter) {
          const isStacked = macLow(b, p.srcMacAt + 6) === customerTag && macLow(b, p.srcMacAt + 10) === customerTag;
          const ip = p.ipVersion === 0 ? '' : formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
          if (isStacked) tellTags(m0, m1, p.vlanInner, ip);
        } else if (p.ipVersion === 0 && snapProtocol(p) === dtp) tellTrunk(m0, m1);
      },
    };

    function isNews(m0: number, m1: number, what: number, limit: number): number {
      const row = senders.claim(now.sec, m0, m1, what);
      if (row < 0) return 0;
      const at = senders.at(row);
      const seen = ++senders.words[at + SEEN];
      if (seen < limit || seen < 2 * senders.words[at + RAISED]) return 0;
      senders.words[at + RAISED] = seen;
      return seen;
    }

    function tellTags(m0: number, m1: number, inner: number, ip: string): void {
      if (isGroupMac(m0)) return;
      const seen = isNews(m0, m1, inner, options.frames);
      if (seen === 0) return;
      const mac = macText(m0, m1);
      const { nativeVlan, frames } = options;
      raise({
        key: `${mac} → VLAN ${inner}`,
        sources: ip === '' ? [] : [ip],
        targets: [],
        observed: seen,
        threshold: frames,
        unit: 'frames or flows',
        count: seen,
        explain: `${mac} sent ${seen} times with two VLAN tags, ${nativeVlan} (native) outside and ${inner} inside.`,
        filter: `vlan.id == ${nativeVlan} && vlan.id == ${inner} && eth.src == ${mac}`,
      });
    }

    /** Switches offer trunks by themselves: that is a weakness. A host that does so wants one. */
    function tellTrunk(m0: number, m1: number): void {
      const seen = isNews(m0, m1, -1, 1);
      if (seen === 0) return;
      const mac = macText(m0, m1);
      const isHost = known.ipOf(m0, m1) !== 0;
      raise({
        key: mac,
        sources: [],
        targets: [],
        severity: isHost ? 'medium' : 'info',
        observed: seen,
        threshold: 1,
        unit: 'DTP frames',
        count: seen,
        explain: isHost
          ? `The host ${mac} negotiates a trunk by DTP (${seen} frames).`
          : `${mac} offers to make this port a trunk by DTP (${seen} frames).`,
        filter: `dtp && eth.src == ${mac}`,
      });
    }
  },
});
