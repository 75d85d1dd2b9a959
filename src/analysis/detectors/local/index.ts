// Who is who on the wire: ARP, DHCP, router and neighbour discovery, switches.

import type { Detector } from '../detector.ts';
import { announceStorm } from './arp/announce-storm.ts';
import { arpReask } from './arp/arp-reask.ts';
import { arpScan } from './arp/arp-scan.ts';
import { arpSpoof } from './arp/arp-spoof.ts';
import { arpUnanswered } from './arp/arp-unanswered.ts';
import { ipConflict } from './arp/ip-conflict.ts';
import { dhcpFlood } from './dhcp/dhcp-flood.ts';
import { dhcpStarvation } from './dhcp/dhcp-starvation.ts';
import { rogueServer } from './dhcp/rogue-server.ts';
import { ndScan } from './ipv6/nd-scan.ts';
import { ndSpoof } from './ipv6/nd-spoof.ts';
import { raFlood } from './ipv6/ra-flood.ts';
import { raKill } from './ipv6/ra-kill.ts';
import { raRogue } from './ipv6/ra-rogue.ts';
import { answerPoison } from './naming/answer-poison.ts';
import { forgedSource } from './routing/forged-source.ts';
import { icmpRedirect } from './routing/redirect.ts';
import { camFlood } from './switching/cam-flood.ts';
import { macFlap } from './switching/mac-flap.ts';
import { spanningTree } from './switching/spanning-tree.ts';
import { vlanHop } from './switching/vlan-hop.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const local: readonly Detector<any>[] = [
  arpSpoof,
  arpReask,
  ipConflict,
  announceStorm,
  arpScan,
  arpUnanswered,
  dhcpFlood,
  dhcpStarvation,
  rogueServer,
  raRogue,
  raKill,
  raFlood,
  ndSpoof,
  ndScan,
  answerPoison,
  spanningTree,
  vlanHop,
  camFlood,
  macFlap,
  icmpRedirect,
  forgedSource,
];
