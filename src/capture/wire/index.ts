/**
 * Reads headers in place; one file per header.
 *
 * Guarantees: never throws, never allocates, never reads outside [at, end) of a frame, and always ends, whatever the bytes
 * are. Headers that the capture or a length field cut leave what was good before them and one problem, the first of the
 * frame. The next-header tables are built from what each header says of itself (`after`).
 *
 * To add one: write the file in `link`, `network`, `transport` or `tunnels`, add the line.
 */

import { arp } from './link/arp.ts';
import { juniperEther, nflog, pktap, ppi } from './link/capture-wrappers.ts';
import { ethernet } from './link/ethernet.ts';
import {
  dsa,
  dsaPrepended,
  edsa,
  fabricPath,
  macsec,
  nsh,
  providerBackbone,
  redundancyTag,
} from './link/ethernet-tags.ts';
import { frameRelay, frameRelayWithDirection, mfr } from './link/frame-relay.ts';
import { ieee80211 } from './link/ieee80211.ts';
import { arcnet, fddi, firewire, ipoib, sunatm, tokenRing } from './link/lan-relatives.ts';
import { linuxSll, linuxSll2 } from './link/linux-sll.ts';
import { clip, llc } from './link/llc.ts';
import { mpls } from './link/mpls.ts';
import { ciscoHdlc, ciscoHdlcWithDirection, ppp, pppHdlc, pppWithDirection } from './link/ppp.ts';
import { pppoe, pppoeDiscovery } from './link/pppoe.ts';
import { enc, ipnet, loopback, pflog, raw, rawIpv4, rawIpv6, slip } from './link/raw-ip.ts';
import { vlan } from './link/vlan.ts';
import { avs, prism, radiotap } from './link/wireless-capture.ts';
import { ipv4 } from './network/ipv4.ts';
import { ipv6 } from './network/ipv6.ts';
import { ah, destination, fragment, hip, hopByHop, mobility, routing, shim6 } from './network/ipv6-extensions.ts';
import { enter, type Header } from './tables.ts';
import { dccp } from './transport/dccp.ts';
import { esp } from './transport/esp.ts';
import { icmp, icmpv6 } from './transport/icmp.ts';
import { igmp } from './transport/igmp.ts';
import { sctp } from './transport/sctp.ts';
import { tcp } from './transport/tcp.ts';
import { udp } from './transport/udp.ts';
import { udpLite } from './transport/udp-lite.ts';
import { erspan, erspan3, wccp } from './tunnels/erspan.ts';
import { geneve } from './tunnels/geneve.ts';
import { gre, greInUdp } from './tunnels/gre.ts';
import { gtpU } from './tunnels/gtp-u.ts';
import { etherip, ethernetInIp, ipv4InIp, ipv6InIp, mplsInIp } from './tunnels/ip-in-ip.ts';
import { l2tp } from './tunnels/l2tp.ts';
import { pim } from './tunnels/pim.ts';
import { teredo } from './tunnels/teredo.ts';
import { vxlan, vxlanGpe } from './tunnels/vxlan.ts';

export { checksumBit, verifyChecksums } from './checksums.ts';
export { decode, decodeInner, decodeIp, levelLimit } from './decode.ts';
export { fragmentDataAt } from './network/ipv6-extensions.ts';
export type { After, Header, Read } from './tables.ts';

export const headers: readonly Header[] = [
  // link
  ethernet,
  vlan,
  providerBackbone,
  fabricPath,
  macsec,
  redundancyTag,
  nsh,
  dsa,
  edsa,
  dsaPrepended,
  llc,
  clip,
  arp,
  mpls,
  pppoeDiscovery,
  pppoe,
  ppp,
  pppHdlc,
  pppWithDirection,
  ciscoHdlc,
  ciscoHdlcWithDirection,
  raw,
  rawIpv4,
  rawIpv6,
  loopback,
  pflog,
  enc,
  ipnet,
  slip,
  linuxSll,
  linuxSll2,
  ieee80211,
  radiotap,
  prism,
  avs,
  ppi,
  pktap,
  nflog,
  juniperEther,
  frameRelay,
  frameRelayWithDirection,
  mfr,
  tokenRing,
  fddi,
  sunatm,
  arcnet,
  ipoib,
  firewire,
  // network
  ipv4,
  ipv6,
  hopByHop,
  routing,
  fragment,
  ah,
  destination,
  mobility,
  hip,
  shim6,
  // transport
  tcp,
  udp,
  icmp,
  icmpv6,
  igmp,
  sctp,
  udpLite,
  dccp,
  esp,
  // tunnels
  ipv4InIp,
  ipv6InIp,
  etherip,
  ethernetInIp,
  mplsInIp,
  pim,
  gre,
  greInUdp,
  erspan,
  erspan3,
  wccp,
  vxlan,
  vxlanGpe,
  geneve,
  gtpU,
  teredo,
  l2tp,
];

enter(headers);
