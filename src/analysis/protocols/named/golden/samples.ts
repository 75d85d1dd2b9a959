// First messages of protocols that are known by name only, written by hand after their specifications; for tests.

import { bytesOf } from '../../golden/converse.ts';

export interface Sample {
  readonly name: string;
  readonly proto: 6 | 17;
  readonly port: number;
  readonly bytes: Uint8Array;
  /** Who speaks first; the client when left out. */
  readonly side?: 0 | 1;
}

const zeros = (count: number): string => '00'.repeat(count);
const some = (count: number): string => 'c7'.repeat(count);

const client = (name: string, proto: 6 | 17, port: number, ...parts: string[]): Sample => ({
  name,
  proto,
  port,
  bytes: bytesOf(...parts),
});
const server = (name: string, proto: 6 | 17, port: number, ...parts: string[]): Sample => ({
  ...client(name, proto, port, ...parts),
  side: 1,
});
const tcp = (name: string, port: number, ...parts: string[]): Sample => client(name, 6, port, ...parts);
const udp = (name: string, port: number, ...parts: string[]): Sample => client(name, 17, port, ...parts);
const greets = (name: string, port: number, ...parts: string[]): Sample => server(name, 6, port, ...parts);

const rakNetMagic = '00ffff00fefefefefdfdfdfd12345678';

const chats: Sample[] = [
  tcp('whatsapp', 443, "'WA", '0603', '00002a', some(42)),
  tcp('whatsapp', 5222, "'ED", '0001'),
  udp('discord', 50_001, '0001 0046 00024b18', zeros(66)),
  udp('discord', 50_004, '1337cafe 05000000'),
  tcp('telegram', 443, 'ef 0a', zeros(8), some(30)),
  tcp('telegram', 443, 'eeeeeeee 28000000', zeros(8), some(32)),
  udp('viber', 7985, 'edf6 01 00 0500', some(20)),
  tcp('viber', 4244, '1800 00000000 fcff 0580 0900', zeros(12)),
  udp('telegram', 1400, some(16), 'ff'.repeat(12), 'feffffff', some(8)),
  tcp('oscar', 5190, '2a01 1a2b 0004 00000001'),
  udp('zoom', 40_001, '1f020100 0800010004', some(40)),
  udp('mumble', 64_738, '00000000', some(8)),
  tcp('xiaomi', 5222, 'c2fe0005 00000014', some(24)),
  tcp('skinny', 2000, '14000000 14000000 26000000', zeros(16)),
  udp('agora', 8130, '00602d94 000021 0000000000 04', "'SNI", '00 1c00', "'edge.example"),
  tcp('msn-messenger', 1863, "'VER 1 MSNP18 CVR0\r\n"),
];

const games: Sample[] = [
  udp('source-engine', 27_015, 'ffffffff54', "'Source Engine Query", '00'),
  udp('quake', 27_960, 'ffffffff', "'getstatus"),
  udp('raknet', 19_132, '05', rakNetMagic, '0b', zeros(200)),
  udp('raknet', 19_132, '84020000 00 0088', some(17)),
  tcp('minecraft', 25_565, '10 00 fd05 09', "'localhost", '63dd 01'),
  udp('steam-datagram-relay', 27_045, '0181', "'sdping", some(40)),
  udp('steam', 27_036, 'ffffffff 214c5fa0', some(20)),
  udp('yojimbo', 40_000, '00', "'NETCODE 1.02", some(40)),
  tcp('elder-scrolls-online', 24_500, '0000005c 00010001 00000054', some(84)),
  greets('world-of-warcraft', 3724, '3000', "'WORLD OF WARCRAFT CONNECTION - SERVER TO CLIENT"),
  tcp('starcraft', 1119, '4a00000a66020aed2d66'),
  udp('heroes-of-the-storm', 1119, zeros(14), '4000 09ef65de'),
  udp('genshin-impact', 22_101, '000000ff', zeros(8), '499602d2 ffffffff'),
  udp('crynetwork', 21_931, '3c00000bf6', zeros(11), '01 00000007 00000003 07000000', some(20)),
  udp('activision', 3074, '0d0200', some(14), 'c0a80115', some(8)),
  udp('among-us', 22_023, '08 0001 00 80d90203 06', "'AAAAAA"),
  udp('lol-wild-rift', 15_007, '04000000', some(65)),
  udp('call-of-duty-mobile', 7500, some(8), "'ping"),
  tcp('tencent-games', 31_003, '4215f787 03e9 00000010', some(16)),
  udp('teamspeak', 9987, "'TS3INIT1", some(20)),
  udp('teamspeak', 8767, 'f4be0300', some(20)),
  udp('gamespy', 7778, "'\\status\\"),
];

const vpns: Sample[] = [
  udp('tailscale', 41_641, '5453f09f92ac', some(80)),
  server('softether', 17, 5004, "'IP=192.0.2.1,PORT=51381"),
  udp('l2tp', 1701, 'c802 000c 0000 0000 0000 0000'),
  tcp('pptp', 1723, '009c 0001 1a2b3c4d 0001 0000', zeros(144)),
  tcp('tinc', 655, "'0 node 17.7\n"),
  udp('capwap', 5246, '00100200 00000000', some(40)),
  udp('capwap', 5247, '01000000 16 feff', some(30)),
  udp('gtp-c', 2123, '48 20 0010 00000000 4b5462 00', some(8)),
  udp('gtp-c', 3386, '1e10 0004 0001 0000', zeros(12), some(4)),
  udp('gtp-u', 2152, '30 ff 0020 00000001', '45', some(31)),
  udp('gtp-prime', 3386, '2e f0 0004 0001', '7e01fc00'),
  udp('pfcp', 8805, '20 01 000c 000001 00', '0060 0004 e5f8a1c2'),
  udp('lisp', 4342, '32000102 7b0336b1 8e10a8c4 00010014', some(20)),
  tcp('lisp', 4342, '0014 000f 00000000 000000 9facade9'),
  udp('vxlan', 4789, '08000000 00002a00', some(60)),
  udp('geneve', 6081, '0000 6558 00002a00', some(60)),
  udp('teredo', 3544, '6000 0000 0008 3aff', some(32), some(8)),
];

const peers: Sample[] = [
  tcp('edonkey', 4662, 'e3 36000000 01 10', some(52)),
  udp('kademlia', 4672, 'e4 01', some(20)),
  tcp('gnutella', 6346, "'GNUTELLA CONNECT/0.6\r\n"),
  udp('gnutella', 6346, some(16), '00 01 00 00000000'),
  udp('gnutella', 6346, "'GND", '02 0001 01 01', some(8)),
  tcp('delivery-optimization', 7680, "'\x0eSwarm protocol", zeros(8)),
  greets('direct-connect', 411, "'$Lock EXTENDEDPROTOCOLABCABC Pk=x|"),
  tcp('kazaa', 1214, "'GIVE 123\r\n"),
  tcp('soulseek', 2242, '0a000000 01000000', some(6)),
  udp('resilio-sync', 3838, "'BSYNC", '00', some(20)),
  udp('syncthing', 21_027, '2ea7d90b', some(40)),
  tcp('libp2p', 4001, "'\x13/multistream/1.0.0\n"),
  udp('dropbox', 17_500, '\'{"host_int": 3375359593, "version": [1, 8]}'),
  udp('spotify', 57_621, "'SpotUdp0", some(30)),
  tcp('spotify', 4070, '0004 00000020 52', some(25)),
  tcp('bitcoin', 8333, 'f9beb4d9', "'version", zeros(5), '66000000', some(4)),
  udp('ethereum', 30_303, some(96), '01 01 c8', some(8)),
  tcp('monero', 18_080, '0121010101010101', some(20)),
  tcp('nano', 7075, '5243 14 14 12 0a 0500', some(30)),
  udp('zug', 19_000, '007a55471099', some(20)),
  tcp('stratum', 3333, '\'{"id":1,"method":"mining.subscribe","params":[]}'),
  tcp('json-rpc', 8080, '\'{"jsonrpc": "2.0", "method": "echo", "id": 1}'),
];

const remoteControls: Sample[] = [
  tcp('teamviewer', 5938, '17240a20 00', some(20)),
  udp('teamviewer', 36_037, zeros(11), '1724 475000', some(20)),
  tcp('nomachine', 4000, "'NXSH-8.10.1\n"),
  greets('citrix', 1494, "'\x7f\x7fICA", '00'),
  tcp('x11', 6000, '6c 00 0b00 0000 0000 0000 0000'),
  udp('xdmcp', 177, '0001 0002 0001 00'),
  tcp('rsh', 514, "'1020", '00'),
  tcp('rexec', 512, "'1020", '00'),
  tcp('rlogin', 513, '00', "'me", '00', "'you", '00', "'xterm/38400", '00'),
  tcp('shell', 4444, "'Microsoft Windows [Version 10.0.19045.2965]\r\n"),
  tcp('radmin', 4899, '01000000 01000000 0808'),
  tcp('spice', 5900, "'REDQ", '02000000 02000000'),
  udp('pcanywhere', 5632, "'NQ"),
  tcp('java-rmi', 1099, '4a524d49 0002 4b'),
  udp('rmcp', 623, '0600ff06 000011be 80000000'),
  udp('wake-on-lan', 9, 'ff'.repeat(6), '021122334455'.repeat(16)),
  greets('vmware', 902, "'220 VMware Authentication Daemon Version 1.10\r\n"),
];

const files: Sample[] = [
  greets('rsync', 873, "'@RSYNCD: 31.0\n"),
  tcp('git', 9418, "'0032git-upload-pack /project.git", '00', "'host=example.org", '00'),
  greets('svn', 3690, "'( success ( 2 2 ( ) ( edit-pipeline ) ) ) "),
  tcp('cvs', 2401, "'BEGIN AUTH REQUEST\n/cvs\n"),
  tcp('afp', 548, '0004 22c6 00000000 00000006 00000000 0104 00000402'),
  tcp('iscsi', 3260, '4387 0000', zeros(44), "'InitiatorName=iqn.2001-04.example"),
  greets('nbd', 10_809, "'NBDMAGICIHAVEOPT", '0003'),
  tcp('ndmp', 10_000, '80000018 00000001 00000000 00000000 00000900 00000000', zeros(4)),
  udp('rx', 7000, '5f000000 12345678 00000001 00000001 00000001 01 05 00 00 0000 0034', some(4)),
  tcp('dicom', 104, '0100 00000044 0001 0000', "'CALLED          CALLING         ", zeros(32)),
  tcp('lustre', 988, '0071ceac 01000000'),
  greets('nntp', 119, "'200 news.example.org InterNetNews ready\r\n"),
  greets('ceph', 6789, "'ceph v027"),
  tcp('hdfs', 8020, "'hrpc", '09 00 00', some(12)),
  tcp('z3950', 210, 'b412 8302 00e0 8403 00e9a2 85040000 0000 8600'),
];

const routings: Sample[] = [
  tcp('bgp', 179, 'ff'.repeat(16), '001d 01 04 fde9 00b4 c0000201 00'),
  udp('ldp', 646, '0001 001e c0000201 0000 0100 0014 00000000', zeros(16)),
  udp('rip', 520, '0201 0000', '0002 0000', zeros(16)),
  udp('ripng', 521, '0201 0000', zeros(20)),
  udp('hsrp', 1985, '00001003 0a5a0a00', "'cisco", zeros(3), '0a1ca8fe'),
  udp('glbp', 3222, '0100 0001 0000', zeros(10)),
  udp('bfd', 3784, '20c00318 00000001', zeros(16)),
  tcp('pcep', 4189, '2001 000c 01100008 201e7800'),
  udp('olsr', 698, '0010 0001 01 86 000c', zeros(8)),
  udp('babel', 6696, '2a02 0008 04060000', zeros(4)),
  udp('dlep', 854, "'DLEP", '0001 0004', zeros(4)),
  tcp('openflow', 6653, '0400 0008 00000001'),
  tcp('msdp', 639, '04 0003'),
  udp('netflow', 2055, '0005 0001 00001000 5f000000', zeros(60)),
  udp('ipfix', 4739, '000a 0020 5f000000 00000001 00000001 0002 0010', zeros(12)),
  udp('sflow', 6343, '00000005 00000001 c0000201 00000000 00000001 00001000 00000001', some(20)),
  udp('ptp', 320, '0c02 0036', zeros(50)),
  udp('roughtime', 2002, '02000000 40000000', "'NONC", "'PAD\xff", some(60)),
  udp('collectd', 25_826, '0000 0009', "'host", '00', '0001 000c 00000000 5f000000'),
  udp('collectd', 25_826, '0210 0028', some(36)),
  udp('ripe-atlas', 5000, "'MGLNDD_192.0.2.1_5000"),
];

const machines: Sample[] = [
  udp('service-location', 427, '0201 00001a 0000 000000 0001 0002', "'en", zeros(10)),
  udp('nat-pmp', 5351, '0000'),
  udp('pcp', 5351, '0201 0000', zeros(56)),
  udp('ws-discovery', 3702, "'<?xml version='1.0'?><soap:Envelope>"),
  tcp('zabbix', 10_051, "'ZBXD\x01", '05000000 00000000', '\'{"a"}'),
  greets('munin', 4949, "'# munin node at host\n"),
  greets('checkmk', 6556, "'<<<check_mk>>>\nVersion: 2.0\n"),
  tcp('nrpe', 5666, '0002 0001 12345678 0000', zeros(1026)),
  tcp('gearman', 4730, '00', "'REQ", '00000001', zeros(4)),
  tcp('iperf3', 5201, "'abcdefghijklmnopqrstuvwxyz234567abcd", '00'),
  greets('ookla', 8080, "'HELLO 2.4 2016-10-06.1324.996ab91\n"),
  tcp('tacacs-plus', 49, 'c0 01 01 00 12345678 00000010', some(16)),
  tcp('whois', 43, "'example.org\r\n"),
  tcp('finger', 79, "'user\r\n"),
  tcp('ident', 113, "'6193, 23\r\n"),
  greets('chargen', 19, "' !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefg\r\n"),
  udp('echo', 7, "'hello"),
  udp('statsd', 8125, "'page.views:1|c"),
  greets('kismet', 2501, "'*KISMET: 0.0.0 1144004381\n"),
  udp('bjnp', 8612, "'BJNP", '0201 0000', zeros(8)),
  tcp('lpd', 515, '02', "'queue\n"),
  tcp('jetdirect', 9100, "'\x1b%-12345X@PJL\r\n"),
  udp('tivo', 2190, "'TiVoConnect=1\n"),
  udp('tuya', 6667, '000055aa 00000000 00000013 00000010', some(16)),
  udp('tp-link', 9999, 'd0f281f88bff9af7d5ef94b6d1b4c09f'),
  udp('ubiquiti', 10_001, '0206 0004', some(4)),
  udp('meraki', 7351, 'fef72891 0d01', some(20)),
  udp('miio', 54_321, '2131 0020', 'ff'.repeat(28)),
  udp('lifx', 56_700, '2400 0034', some(32)),
  udp('sonos', 7080, '00135984 00 00 0000fc'),
  udp('minecraft-lan', 4445, "'[MOTD]A world[/MOTD][AD]54321[/AD]"),
  server('dnscrypt', 17, 443, "'r6fnvWj8", some(40)),
  tcp('alibaba-cloud', 8999, 'cefabeba 80000000'),
  udp('mndp', 5678, '00000000 0001 0006 021122334455'),
  udp('cpha', 8116, '1a90 0001', some(16)),
  udp('gelf', 12_201, '1e0f', some(20)),
  greets('pcp-trace', 44_321, '00000014 00007000', zeros(12)),
];

const industries: Sample[] = [
  udp('some-ip', 30_490, 'ffff8100 00000010 00000001 01010200', zeros(8)),
  udp('can', 25_353, "'ISO11898", some(30)),
  tcp('dlms', 4059, '7ea0070321930f017e'),
  udp('ansi-c1222', 1153, '6012 a210 060e', some(14)),
  tcp('synchrophasor', 4712, 'aa41 0012 00f1 0000', zeros(10)),
  udp('hart-ip', 5094, '01 00 00 00 0001 000d 01 00007530'),
  udp('knxnet-ip', 3671, '0610 0201 000e 0801 c0a80102 0e57'),
  tcp('beckhoff-ads', 48_898, '0000 20000000 050d756001011027 c0a8016301010380 0400 0400 00000000 00000000 05000000'),
  udp('fins', 9600, '80000200 00000000 007a 0101 00cccccc0001'),
  udp('egd', 18_246, '0d01 d4f0', zeros(32)),
  udp('cip-io', 2222, '0200 0280 0800 787b3a00e8cb5e04 b100 0c00', zeros(12)),
  udp('coap', 5683, '42 01 e91b 0790 b8', "'separate"),
  tcp('hislip', 4880, "'HS", '0000 01005252', zeros(8)),
  tcp('hl7', 2575, "'\x0bMSH|^~\\&|A|B"),
  udp('rtps', 7400, "'RTPS", '0203 0101', some(12)),
  udp('ether-s-i-o', 6060, "'ESIO", some(20)),
  udp('ether-s-bus', 5050, '0000000f 01 00 0001 00 01 17 aabbccdd'),
  udp('tristation', 1502, '0100 0400', some(6)),
  tcp('codesys', 1217, 'bbbb0000', some(10)),
  tcp('doip', 13_400, '02fd 0005 00000007 0e00 00 00000000'),
  udp('trdp', 17_224, '00000001 0100', "'Pd", '000003e8', zeros(28)),
  udp('cnp-ip', 1628, '0018 01 01 00000000', zeros(16)),
  udp('art-net', 6454, "'Art-Net\x00", '0020 000e'),
  udp('sacn', 5568, '0010 0000', "'ASC-E1.17", zeros(8)),
  tcp('hsms', 5000, '0000000a ffff 0000 0001 00000001'),
];

const datas: Sample[] = [
  tcp('kafka', 9092, '00000012 0012 0003 00000001 0008', "'producer"),
  tcp('kafka', 9092, '0000000a 0002 0000 00000000 ffff'),
  greets('nats', 4222, '\'INFO {"server_id":"NALG56"}\r\n'),
  tcp('zookeeper', 2181, '0000002c 00000000 0000000000000000 00002710', zeros(24)),
  tcp('ajp', 8009, '1234 0001 0a'),
  tcp('fastcgi', 9000, '01010001 00080000 0001 01 0000000000'),
  tcp('giop', 2809, "'GIOP", '0102 0000 00000010', zeros(16)),
  tcp('thrift', 9090, '80010001 00000004', "'ping", '00000000'),
  tcp('fix', 1024, "'8=FIX.4.4\x019=62\x0135=A\x01"),
  tcp('smpp', 2775, '00000010 00000015 00000000 00000001'),
  tcp('diameter', 3868, '01000018 80000101 00000000 00000001 00000001 00000000'),
  tcp('oracle-tns', 1521, '0024 0000 0100 0000 013b 012c', zeros(24)),
  tcp('tds', 1433, '1201 0010 0000 0100 00 000b 0001', some(3)),
  tcp('tds', 5000, '0200 0200 0000 0100', zeros(504)),
  tcp('drda', 446, '0012 d001 0001 000c 1041 0008115e', some(4)),
  tcp('elasticsearch', 9300, "'ES", '0000000d', zeros(8), '08 00000000'),
  tcp('stomp', 61_613, "'CONNECT\naccept-version:1.2\n\n\x00"),
  tcp('epmd', 4369, '0005 7a', "'name"),
  tcp('neo4j', 7687, '6060b017 00000104', zeros(12)),
  tcp('firebird', 3050, '00000001 00000013 00000002', zeros(8)),
  tcp('clickhouse', 9000, '00 11', "'ClickHouse client"),
  udp('kcp', 4000, '12345678 51 00 8000 00000001 00000000 00000000 04000000', some(4)),
  tcp('nsq', 4150, "'  V2"),
  tcp('beanstalkd', 11_300, "'stats\r\n"),
  tcp('hcl-notes', 1352, '1000 0000 0000 0002', zeros(10)),
];

const medias: Sample[] = [
  tcp('rtmp', 1935, '03 00000000 00000000', some(1000)),
  udp('mpeg-ts', 5004, `4740${some(186)}`.repeat(3)),
  udp('mgcp', 2427, "'RSIP 1 *@gw.example MGCP 1.0\r\nRM: restart\r\n"),
  udp('megaco', 2944, "'MEGACO/1 [192.0.2.1]:2944\n"),
  tcp('h323', 1720, '0300 000c 08 02 0001 05 040388'),
  udp('iax2', 4569, '8001 0000 00000003 0000 06 01'),
  udp('bfcp', 5070, '20 0b 0001 00000001 0001 0001', zeros(4)),
  udp('srt', 9000, '80000000 00000000 00000000 00000000 00000004', zeros(44)),
  tcp('mms-streaming', 1755, '01000000 cefa0bb0', zeros(8)),
  greets('shoutcast', 8000, "'ICY 200 OK\r\n"),
];

export const samples: readonly Sample[] = [
  ...chats,
  ...games,
  ...vpns,
  ...peers,
  ...remoteControls,
  ...files,
  ...routings,
  ...machines,
  ...industries,
  ...datas,
  ...medias,
];
