// Managing and finding machines, printers and devices of a house: Service Location (RFC 2608), NAT-PMP and PCP (RFC 6886,
// 6887), WS-Discovery, Zabbix, Munin, Checkmk, NRPE, Gearman, iPerf 3, Ookla, TACACS+ (RFC 8907), Whois (RFC 3912), Ident,
// Finger, the small services of RFC 862-868, BJNP, LPD (RFC 1179), PJL, Tuya, TP-Link, Ubiquiti, Meraki, Wi-Fi helpers.

import { u16, u16le, u24, u32, u32le } from '../../../core/index.ts';
import { between, nameOnly, oneOf, onPort, type Probe, probed, startingWith } from '../protocol.ts';
import {
  allAre,
  begins,
  beginsOnPort,
  contains,
  isOn,
  isPrintable,
  needs,
  portOnly,
  portRange,
  signature,
  yesIf,
} from './signature.ts';

/** Version 2: function, length of three bytes; version 1: function, length of two. */
const serviceLocation: Probe = (b, o, end, hint) => {
  if (end - o < 8) return 0;
  const there = hint.proto === 17 ? hint.length : end - o;
  if (b[o] === 2)
    return yesIf(b[o + 1] >= 1 && b[o + 1] <= 11 && u24(b, o + 2) === there && (hint.isPort || u16(b, o + 12) <= 8));
  return yesIf(hint.isPort && b[o] === 1 && b[o + 1] >= 1 && b[o + 1] <= 10 && u16(b, o + 2) === there);
};

/** Requests for the address (2 bytes) or a mapping (12), answers with the top bit of the operation. */
const natPmp: Probe = (b, o, end, hint) => {
  if (end - o < 2) return 0;
  const { length } = hint;
  if (b[o] === 0) {
    return yesIf(
      (length === 2 && b[o + 1] === 0) || (length === 12 && b[o + 1] <= 2) || (b[o + 1] >= 0x80 && b[o + 1] <= 0x82),
    );
  }
  return 0;
};
const pcp: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 24 && b[o] === 2 && (b[o + 1] & 0x7f) <= 3 && hint.length % 4 === 0);

const wsDiscovery: Probe = (b, o, end, hint) =>
  yesIf(
    b[o] === 0x3c &&
      (hint.isPort || contains(b, o, end, 'schemas.xmlsoap.org/ws/2005/04/discovery', 1024)) &&
      contains(b, o, end, 'nvelope', 1024),
  );

/** A word in text at the start of a name lookup, and a line end. */
const textLine = onPort(
  startingWith(between(0x21, 0x7e), (b, o, end, hint) =>
    yesIf(hint.side === 0 && end - o >= 3 && b[end - 1] === 0x0a && isPrintable(b, o, end - 2)),
  ),
);
const ident = onPort(
  startingWith(between(0x21, 0x39), (b, o, end, hint) =>
    yesIf(textLine(b, o, end, hint) === probed.yes && contains(b, o, end, ',', 8)),
  ),
);

/** Packet version, type, checksum, result and a buffer of 1024 bytes. */
const nrpe: Probe = (b, o, end) =>
  yesIf(end - o >= 12 && u16(b, o) >= 2 && u16(b, o) <= 4 && u16(b, o + 2) >= 1 && u16(b, o + 2) <= 3);

/** A test's cookie: 36 characters of base 32, then 0. */
const iperf3: Probe = (b, o, end, hint) => {
  if (hint.proto === 17)
    return yesIf(
      hint.isPort &&
        hint.length === 4 &&
        (u32(b, o) === 0x36373839 ||
          u32(b, o) === 0x39383736 ||
          u32le(b, o) === 0x12345678 ||
          u32(b, o) === 0x075bcd15 ||
          u32le(b, o) === 0x075bcd15),
    );
  if (end - o > 37) return 0;
  for (let i = o; i < o + 36 && i < end; i++) {
    const c = b[i];
    if (!((c >= 0x61 && c <= 0x7a) || (c >= 0x32 && c <= 0x37))) return 0;
  }
  return end - o < 37 ? probed.maybe : yesIf(b[o + 36] === 0);
};

/** Letters and digits of the cookie, and over UDP the mark in either order. */
const isIperf3First = (first: number): boolean =>
  (first >= 0x61 && first <= 0x7a) || (first >= 0x32 && first <= 0x39) || first === 0x07 || first === 0x15;

const ooklaHi = signature("'HI\n");
const ookla: Probe = (b, o, end, hint) =>
  yesIf((isOn(hint, 8080) && end - o === 3 && ooklaHi(b, o, end)) || ooklaHello(b, o, end, hint) === 2);
const ooklaHello = begins(
  "'HELLO 2.",
  "'HI 0",
  "'HI 1",
  "'HI 2",
  "'HI 3",
  "'HI 4",
  "'HI 5",
  "'HI 6",
  "'HI 7",
  "'HI 8",
  "'HI 9",
);

/** Version 12.0 or 12.1, kind, sequence, flags, session, length of the body. */
const tacacs: Probe = (b, o, end) =>
  yesIf(
    end - o >= 12 &&
      (b[o] === 0xc0 || b[o] === 0xc1) &&
      b[o + 1] >= 1 &&
      b[o + 1] <= 3 &&
      b[o + 2] >= 1 &&
      b[o + 2] <= 2 &&
      (b[o + 3] & 0xfa) === 0 &&
      u32(b, o + 8) <= end - o - 12 + 256 &&
      u32(b, o + 8) > 4,
  );

/** Canon's search and print over the network: BJNP, BJNB, BJNI. */
const bjnp = begins("'BJNP", "'BJNB", "'BJNI", "'MFNP");

/** A command from 1 to 5, a queue's name, a line feed. */
const lpd: Probe = (b, o, end) =>
  yesIf(
    end - o >= 3 && b[o] >= 1 && b[o] <= 5 && isPrintable(b, o + 1, Math.min(end - 1, o + 32)) && b[end - 1] === 0x0a,
  );

/** 0x000055aa, number, command, length of the rest. */
const tuya: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 16 &&
      (u32(b, o) === 0x000055aa || u32(b, o) === 0x00006699) &&
      u32(b, o + 12) + 16 <= (hint.proto === 17 ? hint.length : 2048),
  );

/** JSON, enciphered by XOR with what went before, from 171 on: it begins with `{"s`. */
const tpLink = begins('d0f281f88b', 'd0f281fd', 'd0f288fd', '000000.. d0f2');

/** Version, command, length of the rest. */
const ubiquiti: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 4 &&
      ((u32(b, o) === 0x01000000 && hint.length === 4) ||
        (b[o] <= 2 && b[o] >= 1 && u16(b, o + 2) === hint.length - 4)),
  );

const meraki = begins('fef72891');

/** miIO: 0x2131, length. */
const miio: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 32 && b[o] === 0x21 && b[o + 1] === 0x31 && u16(b, o + 2) === hint.length);

/** Length (little endian) of all, then protocol 1024 with the flag that it is addressed. */
const lifx: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 36 && u16le(b, o) === hint.length && (b[o + 3] & 15) === 4 && b[o + 2] === 0);

const sonos: Probe = (b, o, end, hint) =>
  yesIf(isOn(hint, 7080) && end - o >= 9 && b[o] === 0 && b[o + 5] === 0 && b[o + 3] >= 0x80);

const kismet = begins("'*KISMET: ");

/** Characters in their order, as the character generator sends them. */
const chargen: Probe = (b, o, end) =>
  yesIf(end - o >= 70 && b[o] >= 0x20 && b[o + 1] === b[o] + 1 && b[o + 2] === b[o] + 2 && b[o + 3] === b[o] + 3);

/** NAME:VALUE|KIND. */
const statsd: Probe = (b, o, end) =>
  yesIf(end - o >= 5 && isPrintable(b, o, o + 3) && contains(b, o, end, ':') && contains(b, o, end, '|'));

const minecraftLan = signature("'[MOTD]");
const isEcho = (b: Uint8Array, o: number, end: number): boolean =>
  end - o > 0 && !allAre(b, o, Math.min(end, o + 4), 0xff);

/** A request of four zeros; else a header and the address of the device. */
const mndp: Probe = (b, o, end, hint) =>
  yesIf((hint.length === 4 && u32(b, o) === 0) || (end - o >= 14 && u16(b, o + 4) === 1 && u16(b, o + 6) === 6));

export const machines = [
  nameOnly(
    'service-location',
    'Service Location Protocol',
    'names',
    { tcp: [427], udp: [427] },
    startingWith(oneOf(1, 2), serviceLocation),
  ),
  nameOnly('nat-pmp', 'NAT-PMP', 'machine', { udp: [5350, 5351] }, onPort(startingWith(oneOf(0), natPmp))),
  nameOnly('pcp', 'Port Control Protocol', 'machine', { udp: [5350, 5351] }, onPort(startingWith(oneOf(2), pcp))),
  nameOnly('ws-discovery', 'WS-Discovery', 'names', { udp: [3702] }, startingWith(oneOf(0x3c), wsDiscovery)),
  nameOnly(
    'zabbix',
    'Zabbix',
    'machine',
    { tcp: [10_050, 10_051] },
    begins("'ZBXD\x01", "'ZBXD\x03", "'ZBXD\x05", "'ZBXD\x07"),
  ),
  nameOnly('munin', 'Munin', 'machine', { tcp: [4949] }, begins("'# munin node at ")),
  nameOnly('checkmk', 'Checkmk agent', 'machine', { tcp: [6556] }, begins("'<<<check_mk>>>")),
  nameOnly('nrpe', 'Nagios NRPE', 'machine', { tcp: [5666] }, onPort(startingWith(oneOf(0), nrpe))),
  nameOnly('gearman', 'Gearman', 'machine', { tcp: [4730] }, begins("'\x00REQ\x00\x00\x00", "'\x00RES\x00\x00\x00")),
  nameOnly('iperf3', 'iPerf 3', 'machine', { tcp: [5201], udp: [5201] }, startingWith(isIperf3First, iperf3)),
  nameOnly('ookla', 'Ookla speed test', 'machine', { tcp: [] }, startingWith(oneOf(0x48), ookla)),
  nameOnly(
    'tacacs-plus',
    'TACACS+',
    'login',
    { tcp: [49] },
    needs(12, (c) => c === 0xc0 || c === 0xc1, tacacs),
  ),
  nameOnly('whois', 'Whois', 'names', { tcp: [43] }, textLine),
  nameOnly('finger', 'Finger', 'names', { tcp: [79] }, textLine),
  nameOnly('ident', 'Ident', 'login', { tcp: [113] }, ident),
  nameOnly(
    'chargen',
    'Character generator',
    'machine',
    { tcp: [19], udp: [19] },
    onPort(startingWith((c) => c >= 0x20, chargen)),
  ),
  portOnly('daytime', 'Daytime', 'machine', { tcp: [13], udp: [13] }),
  portOnly('time', 'Time', 'machine', { tcp: [37], udp: [37] }),
  portOnly('discard', 'Discard', 'machine', { tcp: [9] }),
  nameOnly(
    'echo',
    'Echo',
    'machine',
    { tcp: [7], udp: [7] },
    onPort((b, o, end) => yesIf(isEcho(b, o, end))),
  ),
  nameOnly('statsd', 'StatsD', 'machine', { udp: [8125] }, onPort(startingWith(between(0x20, 0x7e), statsd))),
  nameOnly('kismet', 'Kismet', 'machine', { tcp: [2501] }, kismet),
  nameOnly('bjnp', 'Canon BJNP', 'machine', { udp: portRange(8610, 8614) }, bjnp),
  nameOnly('lpd', 'Line printer daemon', 'machine', { tcp: [515] }, onPort(startingWith(between(1, 5), lpd))),
  nameOnly(
    'jetdirect',
    'Raw printing (PJL)',
    'machine',
    { tcp: [9100] },
    begins("'\x1b%-12345X", "'@PJL ", "'%!PS-Adobe"),
  ),
  nameOnly('tivo', 'TiVoConnect', 'media', { tcp: [2190], udp: [2190] }, begins("'TiVoConnect=")),
  nameOnly('tuya', 'Tuya LAN', 'machine', { tcp: [6668], udp: [6666, 6667] }, startingWith(oneOf(0), tuya)),
  nameOnly('tp-link', 'TP-Link smart home', 'machine', { tcp: [], udp: [] }, tpLink),
  nameOnly('ubiquiti', 'Ubiquiti discovery', 'machine', { udp: [10_001] }, onPort(startingWith(oneOf(1, 2), ubiquiti))),
  nameOnly('meraki', 'Meraki cloud', 'machine', { udp: [7351] }, meraki),
  nameOnly('miio', 'Xiaomi miIO', 'machine', { udp: [54_321] }, startingWith(oneOf(0x21), miio)),
  nameOnly('lifx', 'LIFX', 'machine', { udp: [56_700] }, onPort(lifx)),
  nameOnly('sonos', 'Sonos', 'media', { udp: [] }, startingWith(oneOf(0), sonos)),
  nameOnly(
    'minecraft-lan',
    'Minecraft in the local network',
    'game',
    { udp: [4445] },
    startingWith(oneOf(0x5b), (b, o, end) => yesIf(minecraftLan(b, o, end))),
  ),
  nameOnly('dnscrypt', 'DNSCrypt', 'names', { udp: [] }, begins("'r6fnvWj8", "'Q6fnvWj8")),
  nameOnly('alibaba-cloud', 'Alibaba Cloud', 'web', { tcp: [] }, begins('cefabeba .. .. 0000')),
  nameOnly('mndp', 'MikroTik discovery', 'machine', { udp: [5678] }, onPort(mndp)),
  nameOnly('cpha', 'Check Point high availability', 'machine', { udp: [8116] }, beginsOnPort('1a90')),
  nameOnly('gelf', 'Graylog (GELF)', 'machine', { udp: [12_201] }, beginsOnPort('1e0f', '\'{"version"', '1f8b08')),
  nameOnly('pcp-trace', 'Performance Co-Pilot', 'machine', { tcp: [44_321] }, beginsOnPort('00000014 00007000')),
];
