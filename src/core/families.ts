// Eight families of what flows speak, for ever: each has its colour on every screen, so colours never run out or move.

export const families = ['web-secret', 'quic', 'web-clear', 'names', 'remote', 'mail-files', 'local', 'other'] as const;
export type Family = (typeof families)[number];

/** Protocols that have another family than the one their kind belongs to. */
const byName: Readonly<Record<string, Family>> = {
  tls: 'web-secret',
  https: 'web-secret',
  http2: 'web-secret',
  dtls: 'web-secret',
  quic: 'quic',
  http3: 'quic',
  arp: 'local',
  icmp: 'local',
  icmp6: 'local',
  icmpv6: 'local',
  igmp: 'local',
  dhcp: 'local',
  ntp: 'local',
  ssdp: 'local',
};

/** By the kind that a protocol declares. */
const byKind: Readonly<Record<string, Family>> = {
  web: 'web-clear',
  names: 'names',
  login: 'remote',
  data: 'remote',
  mail: 'mail-files',
  files: 'mail-files',
  machine: 'local',
  industry: 'local',
};

/** @param name of the protocol, lower case; @param kind the family it declares, empty when it is not known */
export function familyOf(name: string, kind: string): Family {
  return byName[name] ?? byKind[kind] ?? 'other';
}
