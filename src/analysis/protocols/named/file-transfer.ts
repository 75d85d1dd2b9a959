// Files and news: rsync, Git (pack protocol), Subversion, CVS, AFP over DSI, iSCSI (RFC 7143), NBD, NNTP (RFC 3977), Ceph,
// Network Data Management, HDFS, Z39.50, PROXY protocol. Names only.

import { hasAscii, u16, u32 } from '../../../core/index.ts';
import { nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { begins, contains, isOn, isPrintable, needs, portRange, signature, yesIf } from './signature.ts';

const isHexDigit = (c: number): boolean => (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66);
const gitCommand = signature("'git-");
/** Length in four hexadecimal digits and the command. */
const git: Probe = (b, o, end) =>
  yesIf(
    isHexDigit(b[o]) &&
      isHexDigit(b[o + 1]) &&
      isHexDigit(b[o + 2]) &&
      isHexDigit(b[o + 3]) &&
      gitCommand(b, o + 4, end),
  );

/** Flags, command, number, code or offset, length, reserved. */
const afp: Probe = (b, o, end) => {
  if (end - o < 16 || b[o] > 1 || b[o + 1] === 0 || b[o + 1] > 8 || u32(b, o + 12) !== 0) return 0;
  const length = u32(b, o + 8);
  return yesIf(length < 0x10000 && u32(b, o + 4) === 0 && (b[o] === 1 || length === end - o - 16));
};

/** Login request: opcode, and text keys after 48 bytes. */
const iscsi: Probe = (b, o, end) =>
  yesIf(end - o >= 62 && (b[o] & 0x3f) === 3 && hasAscii(b, o + 48, end, 'InitiatorName='));

const greeting200 = signature("'200 ");
const greeting201 = signature("'201 ");
/** A greeting that says what it is, or any on the port. */
const nntp: Probe = (b, o, end, hint) =>
  yesIf(
    ((greeting200(b, o, end) || greeting201(b, o, end)) &&
      (hint.isPort || contains(b, o, end, 'NNTP') || contains(b, o, end, 'InterNetNews'))) ||
      (hint.isPort && (hasAscii(b, o, end, 'MODE READER') || hasAscii(b, o, end, 'CAPABILITIES'))),
  );

/** BER: InitializeRequest [20] or its answer [21]; reference (optional), then protocol version and options. */
const z3950: Probe = (b, o, end) => {
  if (end - o < 16 || (b[o] !== 0xb4 && b[o] !== 0xb5)) return 0;
  let at = o + 2 + (b[o + 1] > 0x80 ? b[o + 1] & 3 : 0);
  if (b[at] === 0x82) at += 2 + b[at + 1];
  if (b[at] !== 0x83) return 0;
  const options = at + 2 + b[at + 1];
  return yesIf(options + 2 < end && b[options] === 0x84 && b[options + 1] <= 6);
};

/** Sequence, time, message: connection open or close; then lengths. */
const ndmp: Probe = (b, o, end, hint) =>
  yesIf(isOn(hint, 10_000) && end - o >= 28 && (b[o] & 0x80) === 0x80 && u16(b, o + 2) === end - o - 4);

/** Epoch, connection, call, sequence, serial, kind, flags, status, security, checksum, service. */
const rx: Probe = (b, o, end) =>
  yesIf(
    end - o >= 28 &&
      b[o + 20] >= 1 &&
      b[o + 20] <= 13 &&
      b[o + 23] <= 4 &&
      u32(b, o + 8) < 0x1000000 &&
      u32(b, o + 12) < 0x1000000,
  );

/** Association request: kind, length, version 1, called and calling title of 16 characters. */
const dicom: Probe = (b, o, end) =>
  yesIf(
    end - o >= 74 &&
      b[o] === 1 &&
      b[o + 1] === 0 &&
      u32(b, o + 2) >= 68 &&
      u32(b, o + 2) < 0x10000 &&
      u16(b, o + 6) === 1 &&
      u16(b, o + 8) === 0 &&
      isPrintable(b, o + 10, o + 42),
  );

export const fileTransfers = [
  nameOnly('rsync', 'rsync', 'files', { tcp: [873] }, begins("'@RSYNCD: ")),
  nameOnly(
    'git',
    'Git',
    'files',
    { tcp: [9418] },
    needs(9, (c) => c >= 0x30 && c <= 0x66, git),
  ),
  nameOnly('svn', 'Subversion', 'files', { tcp: [3690] }, begins("'( success ( 2 2 (", "'( success ( 1 2 (")),
  nameOnly('cvs', 'CVS', 'files', { tcp: [2401] }, begins("'BEGIN AUTH REQUEST", "'BEGIN VERIFICATION REQUEST")),
  nameOnly('afp', 'Apple Filing Protocol', 'files', { tcp: [548] }, onPort(needs(16, (c) => c <= 1, afp))),
  nameOnly(
    'iscsi',
    'iSCSI',
    'files',
    { tcp: [3260] },
    needs(62, (c) => (c & 0x3f) === 3, iscsi),
  ),
  nameOnly('nbd', 'Network block device', 'files', { tcp: [10_809] }, begins("'NBDMAGIC")),
  nameOnly(
    'ndmp',
    'NDMP',
    'files',
    { tcp: [] },
    startingWith((c) => c >= 0x80, ndmp),
  ),
  nameOnly('rx', 'Rx (AFS)', 'files', { udp: portRange(7000, 7009) }, onPort(rx)),
  nameOnly(
    'dicom',
    'DICOM',
    'files',
    { tcp: [104, 11_112] },
    needs(74, (c) => c === 1, dicom),
  ),
  nameOnly('lustre', 'Lustre', 'files', { tcp: [988] }, begins('0071ceac', 'acce7100')),
  nameOnly('nntp', 'NNTP', 'mail', { tcp: [119] }, startingWith(oneOf(0x32, 0x43, 0x4d), nntp)),
  nameOnly('ceph', 'Ceph', 'files', { tcp: [6789] }, begins("'ceph v")),
  nameOnly('hdfs', 'Hadoop RPC', 'files', { tcp: [] }, begins("'hrpc\x09", "'hrpc\x07", "'hrpc\x08")),
  nameOnly(
    'z3950',
    'Z39.50',
    'data',
    { tcp: [210] },
    needs(16, (c) => c === 0xb4 || c === 0xb5, z3950),
  ),
];
