// UDP services that answer with more than they were asked (CISA alert TA14-017A and later reports).

export interface ReflectorService {
  readonly name: string;
  /** Bytes of answer for each byte of question, as published; 0 where not known. */
  readonly factor: number;
}

const service = (port: number, name: string, factor: number): [number, ReflectorService] => [port, { name, factor }];

/** By port. */
export const reflectorServices: ReadonlyMap<number, ReflectorService> = new Map([
  service(17, 'QOTD', 140),
  service(19, 'CharGEN', 359),
  service(53, 'DNS', 54),
  service(69, 'TFTP', 60),
  service(111, 'portmap', 28),
  service(123, 'NTP', 557),
  service(137, 'NetBIOS', 4),
  service(161, 'SNMP', 6),
  service(389, 'CLDAP', 70),
  service(500, 'IKE', 0),
  service(520, 'RIP', 131),
  service(1194, 'OpenVPN', 0),
  service(1434, 'MS-SQL', 25),
  service(1900, 'SSDP', 31),
  service(3283, 'Apple Remote Desktop', 35),
  service(3389, 'RDP', 86),
  service(3478, 'STUN', 2),
  service(3702, 'WS-Discovery', 300),
  service(4500, 'IKE', 0),
  service(5060, 'SIP', 9),
  service(5093, 'Sentinel', 43),
  service(5353, 'mDNS', 10),
  service(5683, 'CoAP', 34),
  service(6881, 'BitTorrent', 4),
  service(10001, 'Ubiquiti discovery', 35),
  service(11211, 'memcached', 10_000),
  service(17185, 'VxWorks', 0),
  service(27015, 'Steam', 5),
  service(30120, 'Quake-like game', 64),
  service(37810, 'DHDiscover', 25),
]);
