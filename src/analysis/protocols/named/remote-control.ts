// Remote screens, shells and boot: TeamViewer, NoMachine, Citrix ICA, X11, XDMCP, the BSD r-commands (RFC 1282), Radmin,
// SPICE, Java RMI, RMCP/IPMI, Wake-on-LAN, and plain command shells, which nobody serves so on purpose. Names only.

import { findByte, u16, u16le } from '../../../core/index.ts';
import { isAsciiDigit, nameOnly, oneOf, onPort, type Probe, probed, startingWith } from '../protocol.ts';
import { allAre, begins, beginsOnPort, isPrintable, needs, signature, yesIf } from './signature.ts';

/** Streams begin with 17 24 (or 17 30) and a command; datagrams have it after eleven bytes of header. */
const teamViewer: Probe = (b, o, end, hint) => {
  if (hint.proto === 17) {
    return yesIf(end - o >= 20 && allAre(b, o, o + 4, 0) && b[o + 11] === 0x17 && b[o + 12] === 0x24);
  }
  if (b[o] !== 0x17) return 0;
  if (end - o < 5) return probed.maybe;
  if (b[o + 1] !== 0x24 && b[o + 1] !== 0x30) return 0;
  return yesIf(hint.isPort || (b[o + 2] >= 0x0a && b[o + 2] <= 0x4f && b[o + 4] === 0));
};

const noMachineText = signature("'NXSH-");
const noMachineServer = signature("'NXD-");
const noMachineDatagram = signature('01000100 0a00 .. 00 0000');
const noMachine: Probe = (b, o, end, hint) =>
  yesIf(
    hint.proto === 6
      ? noMachineText(b, o, end) || noMachineServer(b, o, end)
      : hint.isPort && hint.length === 10 && noMachineDatagram(b, o, end),
  );

/** Setup request: byte order, protocol 11.0, lengths of the authorization. */
const x11: Probe = (b, o, end) => {
  if (end - o < 12) return 0;
  const isLittle = b[o] === 0x6c && u16le(b, o + 2) === 11 && u16le(b, o + 4) === 0 && u16le(b, o + 6) < 64;
  const isBig = b[o] === 0x42 && u16(b, o + 2) === 11 && u16(b, o + 4) === 0 && u16(b, o + 6) < 64;
  return yesIf((isLittle || isBig) && b[o + 1] === 0);
};

const xdmcp: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 6 && u16(b, o) === 1 && u16(b, o + 2) >= 1 && u16(b, o + 2) <= 13 && u16(b, o + 4) === hint.length - 6,
  );

/** What shells say when they find themselves on a bare stream, and answers to the first things that are asked of them. */
const shell = begins(
  "'Microsoft Windows [Version ",
  "'Microsoft(R) Windows ",
  "'Windows PowerShell\r\nCopyright",
  "'Windows PowerShell running as user ",
  "'PS C:\\",
  "'bash: no job control in this shell",
  "'bash: cannot set terminal process group",
  "'sh: no job control in this shell",
  "'sh: can't access tty; job control turned off",
  "'/bin/sh: 0: can't access tty; job control turned off",
  "'uid=0(root) gid=0(root)",
);

/** Port for errors in digits, 0; then the local and the remote user. */
const rsh: Probe = (b, o, end, hint) => {
  if (hint.side !== 0 || end - o < 2) return 0;
  const zero = findByte(b, o, Math.min(end, o + 6), 0);
  if (zero < o + 1) return 0;
  for (let i = o; i < zero; i++) if (b[i] < 0x30 || b[i] > 0x39) return 0;
  return yesIf(true);
};
/** 0, local user, 0, remote user, 0, terminal/speed. */
const rlogin: Probe = (b, o, end) => {
  if (b[o] !== 0 || end - o < 8) return 0;
  const zero = findByte(b, o + 1, end, 0);
  return yesIf(zero > o + 1 && isPrintable(b, o + 1, zero) && b[end - 1] === 0 && findByte(b, zero, end, 0x2f) > 0);
};

const rmcp: Probe = (b, o, end) =>
  yesIf(
    end - o >= 12 &&
      b[o] === 6 &&
      b[o + 1] === 0 &&
      (b[o + 2] === 0xff || b[o + 2] === 0) &&
      ((b[o + 3] & 0x7f) === 6 || (b[o + 3] & 0x7f) === 7) &&
      rmcpKind(b[o + 4]),
  );
/** ASF's enterprise number begins with 0; IPMI's authentication types are 0, 1, 2, 4, 5, 6. */
const rmcpKind = (kind: number): boolean => kind <= 6 && kind !== 3;

/** Six times 0xff and one address sixteen times. */
const wakeOnLan: Probe = (b, o, end) => {
  if (end - o < 102 || !allAre(b, o, o + 6, 0xff)) return 0;
  for (let i = 12; i < 102; i++) if (b[o + i] !== b[o + i - 6]) return 0;
  return yesIf(true);
};

export const remoteControls = [
  nameOnly('teamviewer', 'TeamViewer', 'login', { tcp: [5938], udp: [5938] }, startingWith(oneOf(0, 0x17), teamViewer)),
  nameOnly('nomachine', 'NoMachine', 'login', { tcp: [], udp: [4000] }, startingWith(oneOf(1, 0x4e), noMachine)),
  nameOnly('citrix', 'Citrix ICA', 'login', { tcp: [1494, 2598] }, begins("'\x7f\x7fICA\x00", "'\x1aCGP/01")),
  nameOnly(
    'x11',
    'X11',
    'login',
    { tcp: [6000] },
    needs(12, (c) => c === 0x42 || c === 0x6c, x11),
  ),
  nameOnly('xdmcp', 'XDMCP', 'login', { udp: [177] }, onPort(startingWith(oneOf(0), xdmcp))),
  nameOnly('rsh', 'Remote shell', 'login', { tcp: [514] }, onPort(startingWith(isAsciiDigit, rsh))),
  nameOnly('rexec', 'Remote execution', 'login', { tcp: [512] }, onPort(startingWith(isAsciiDigit, rsh))),
  nameOnly('rlogin', 'Remote login', 'login', { tcp: [513] }, onPort(startingWith(oneOf(0), rlogin))),
  nameOnly('shell', 'Command shell', 'login', { tcp: [] }, shell),
  nameOnly('radmin', 'Radmin', 'login', { tcp: [4899] }, begins('01000000 01000000 0808', '01000000 25000002 1212')),
  nameOnly('spice', 'SPICE', 'login', { tcp: [] }, begins("'REDQ")),
  nameOnly('pcanywhere', 'pcAnywhere', 'login', { udp: [5632] }, beginsOnPort("'NQ", "'ST")),
  nameOnly('java-rmi', 'Java RMI', 'data', { tcp: [1099] }, begins('4a524d49 0001 ..', '4a524d49 0002 ..')),
  nameOnly('rmcp', 'RMCP (IPMI)', 'machine', { udp: [623, 664] }, startingWith(oneOf(6), rmcp)),
  nameOnly('wake-on-lan', 'Wake-on-LAN', 'machine', { udp: [9] }, startingWith(oneOf(0xff), wakeOnLan)),
  nameOnly('vmware', 'VMware authentication', 'machine', { tcp: [902] }, begins("'220 VMware Authentication Daemon")),
];
