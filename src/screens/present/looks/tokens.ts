// Design tokens: colours by role. Colour is never the only sign: a word, an icon or a length says the same.

import type { Severity } from '../../../core/index.ts';

/** Roles of colour on a terminal of 16 colours, as SGR parameters (ECMA-48 §8.3.117). */
export const roles = {
  heading: '1',
  muted: '2',
  tcp: '94',
  udp: '36',
  icmp: '35',
  arp: '33',
  other: '37',
  in: '36',
  out: '33',
  good: '32',
  info: '34',
  low: '36',
  medium: '33',
  high: '91',
  critical: '1;91',
  seedAlert: '1;91',
} as const;

export type Role = keyof typeof roles;

/** Colour of a protocol by its name; the roles are Wireshark's: TCP violet-blue, UDP light blue, ICMP pink, ARP cream. */
export function protocolRole(name: string): Role {
  if (name === 'TCP') return 'tcp';
  if (name === 'UDP' || name === 'UDPLite') return 'udp';
  if (name === 'ICMP' || name === 'IPv6-ICMP') return 'icmp';
  if (name === 'ARP') return 'arp';
  return 'other';
}

/** Bars on a white and on a dark page, both at least 3:1 against it. */
export const pageColours: Record<
  'tcp' | 'udp' | 'icmp' | 'arp' | 'other',
  { readonly light: string; readonly dark: string }
> = {
  tcp: { light: '#2776FD', dark: '#71B1F9' },
  udp: { light: '#157C5E', dark: '#398D64' },
  icmp: { light: '#8100A1', dark: '#A44ED4' },
  arp: { light: '#A8880A', dark: '#E0D98B' },
  other: { light: '#868A94', dark: '#7B7F8F' },
};

/** Surfaces and ink of a page. */
export const surfaces = {
  light: { base: '#FFFFFF', text: '#1F2328', muted: '#57606A' },
  dark: { base: '#0D1117', text: '#E6EDF3', muted: '#9DA7B3' },
} as const;

/** Severity is shown by colour, shape and word, always all three. */
export const severities: Record<Severity, { readonly icon: string; readonly ascii: string; readonly role: Role }> = {
  info: { icon: '●', ascii: 'i', role: 'info' },
  low: { icon: '◇', ascii: '-', role: 'low' },
  medium: { icon: '▲', ascii: '^', role: 'medium' },
  high: { icon: '◆', ascii: '!', role: 'high' },
  severe: { icon: '◆', ascii: '!', role: 'high' },
  critical: { icon: '⬢', ascii: '#', role: 'critical' },
};
