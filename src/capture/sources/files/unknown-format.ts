// What a file that cannot be read looks like: by its first bytes, for a message that helps.

import { Failure } from '../../../core/index.ts';

/** First bytes and what they are, with what to do. */
const others: readonly { readonly start: string; readonly what: string; readonly hint: string }[] = [
  { start: 'RTSS', what: 'a Network Monitor 1 capture', hint: 'editcap' },
  { start: 'GMBU', what: 'a Network Monitor 2 capture', hint: 'editcap' },
  { start: 'XCP\0', what: 'a NetXRay or Sniffer capture', hint: 'editcap' },
  { start: 'TRSNIFF data', what: 'a DOS Sniffer capture', hint: 'editcap' },
  { start: 'btsnoop\0', what: 'a Bluetooth btsnoop capture', hint: 'editcap' },
  { start: '\x7fver', what: 'an EtherPeek or OmniPeek capture', hint: 'editcap' },
  { start: '\x54\x52\x00', what: 'a Novell LANalyzer capture', hint: 'editcap' },
  { start: 'iptrace', what: 'an AIX iptrace capture', hint: 'editcap' },
  { start: 'ATSNOOP', what: 'a snoop capture of ATM', hint: 'editcap' },
  { start: 'PK\x03\x04', what: 'a ZIP archive', hint: 'Unzip it first.' },
  { start: '7z\xbc\xaf', what: 'a 7-Zip archive', hint: 'Unpack it first.' },
  { start: 'BZh', what: 'bzip2-compressed', hint: 'Decompress it first: bunzip2 -c file | taplight -r -' },
  { start: '\xfd7zXZ', what: 'xz-compressed', hint: 'Decompress it first: xz -dc file | taplight -r -' },
  { start: '\x04\x22\x4d\x18', what: 'LZ4-compressed', hint: 'Decompress it first: lz4 -dc file | taplight -r -' },
  { start: '\x7fELF', what: 'a program', hint: 'Give a capture file.' },
];

const rewrite = 'Rewrite it as pcapng, when Wireshark can read it: editcap -F pcapng in out';

/** The failure for a file that starts with `head` (as much of its start as there is, up to some hundred bytes). */
export function unknownFormat(name: string, head: Uint8Array): Failure {
  if (head.length === 0) {
    return new Failure(
      'UNKNOWN_FILE_FORMAT',
      `${name} is empty`,
      'Give a pcap or pcapng file; an empty one has a header.',
    );
  }
  const start = String.fromCharCode(...head.subarray(0, 16));
  const known = others.find((other) => start.startsWith(other.start));
  if (known !== undefined) {
    const hint = known.hint === 'editcap' ? rewrite : known.hint;
    return new Failure('UNKNOWN_FILE_FORMAT', `${name} is ${known.what}, not pcap or pcapng`, hint);
  }
  if (looksLikeText(head)) {
    const hint = 'Give a capture file, or turn a hex dump into one: text2pcap in out';
    return new Failure('UNKNOWN_FILE_FORMAT', `${name} is text, not pcap or pcapng`, hint);
  }
  if (looksLikeErf(head)) {
    return new Failure('UNKNOWN_FILE_FORMAT', `${name} looks like an Endace ERF capture, not pcap or pcapng`, rewrite);
  }
  const bytes = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return new Failure('UNKNOWN_FILE_FORMAT', `${name} is not pcap or pcapng: it starts with ${bytes}`, rewrite);
}

/** Printable ASCII or UTF-8, tabs and line ends only. */
function looksLikeText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) && !head.includes(0x7f);
}

/** ERF has no magic: time stamp 8 | type 1 | flags 1 | record length 2 | loss counter 2 | wire length 2. */
function looksLikeErf(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const type = head[8] & 0x7f;
  const record = (head[10] << 8) | head[11];
  const wire = (head[14] << 8) | head[15];
  const seconds = (head[4] | (head[5] << 8) | (head[6] << 16) | (head[7] << 24)) >>> 0;
  // Dates of 1995 to 2050, types in use, lengths that agree.
  return (
    type >= 1 &&
    type <= 48 &&
    record >= 18 &&
    wire > 0 &&
    wire <= record + 65_535 &&
    seconds > 788_918_400 &&
    seconds < 2_524_608_000
  );
}
