// From the kernel's hardware type of a device (ARPHRD_, <linux/if_arp.h>) to the link type frames are told with.

import { linkType } from '../../../core/index.ts';

/** `cooked`: the kernel takes the link header off and we write a LINUX_SLL2 header in its place. */
export interface LinkShape {
  readonly linkType: number;
  readonly cooked: boolean;
}

export const cookedShape: LinkShape = { linkType: linkType.linuxSll2, cooked: true };

const shapes: Record<number, number> = {
  1: linkType.ethernet,
  // Loopback frames carry an Ethernet header with zero addresses.
  772: linkType.ethernet,
  // Tunnels whose frames begin with the IP header: RAWIP, IPIP, 6in4, and NONE (tun, WireGuard).
  519: linkType.raw,
  768: linkType.raw,
  776: linkType.raw,
  65534: linkType.raw,
  801: linkType.ieee80211,
  802: linkType.ieee80211Prism,
  803: linkType.ieee80211Radiotap,
};

/**
 * Devices with a link header of their own kind (PPP, GRE, InfiniBand, CAN …) are captured cooked: their network
 * protocol is then known without knowing the header.
 */
export function linkShapeOf(hardwareType: number): LinkShape {
  const plain = shapes[hardwareType];
  return plain === undefined ? cookedShape : { linkType: plain, cooked: false };
}
