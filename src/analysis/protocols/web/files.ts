// Files that were sent inside another protocol: EVE's `fileinfo`, Zeek's files.log. Told by whoever carried them.

import { type AnyEvent, flag, number, object, text, texts } from '../../../core/index.ts';
import { type Conversation, defineProtocol, type Side } from '../protocol.ts';

/** A file; opened by nobody, told by `emitAs`. */
export const files = defineProtocol({
  name: 'file',
  title: 'File',
  family: 'files',
  eveType: 'fileinfo',
  zeekLog: 'files',
  fields: {
    appProto: text('Protocol that carried it', { eve: 'app_proto' }),
    http: object<AnyEvent>('HTTP message that carried it', { eve: 'http' }),
    smtp: object<AnyEvent>('Envelope of that mail', { eve: 'smtp' }),
    email: object<AnyEvent>('Mail that carried it', { eve: 'email' }),
    smb: object<AnyEvent>('SMB operation that carried it', { eve: 'smb' }),
    nfs: object<AnyEvent>('NFS operation that carried it', { eve: 'nfs' }),
    ftpData: object<AnyEvent>('FTP transfer that carried it', { eve: 'ftp_data' }),
    shownName: text('Name, or path it was asked for by', { eve: 'fileinfo.filename' }),
    hasGaps: flag('Parts were not captured', { eve: 'fileinfo.gaps' }),
    state: text('CLOSED when it came whole, else TRUNCATED', { eve: 'fileinfo.state' }),
    isStored: flag('Whether the contents were kept: never', { eve: 'fileinfo.stored' }),
    size: number('Length of the contents', { eve: 'fileinfo.size', unit: 'bytes' }),
    transaction: number('Number of the transaction in the flow, from 0', { eve: 'fileinfo.tx_id' }),
    fuid: text('Identification of the file', { eve: false, zeek: 'fuid' }),
    source: text('Protocol that carried it', { eve: false, zeek: 'source' }),
    depth: number('Number of the message in the flow', { eve: false, zeek: 'depth' }),
    analyzers: texts('Analyses made', { eve: false, zeek: 'analyzers' }),
    mimeType: text('Type by its contents', { zeek: 'mime_type' }),
    filename: text('Name it was given by its sender', { eve: false, zeek: 'filename' }),
    durationUs: number('Time from first to last byte', { zeek: 'duration', unit: 'us' }),
    isLocal: flag('Sent by a host of the local network', { eve: false, zeek: 'local_orig' }),
    isOrig: flag('Sent by the originator', { eve: false, zeek: 'is_orig' }),
    seenBytes: number('Bytes that were seen', { eve: false, zeek: 'seen_bytes', unit: 'bytes' }),
    totalBytes: number('Bytes it should have', { eve: false, zeek: 'total_bytes', unit: 'bytes' }),
    missingBytes: number('Bytes that were not captured', { zeek: 'missing_bytes', unit: 'bytes' }),
    overflowBytes: number('Bytes that came out of order', { eve: false, zeek: 'overflow_bytes', unit: 'bytes' }),
    isTimedOut: flag('Its end was never seen', { eve: false, zeek: 'timedout' }),
  },
});

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Identification of a file, the same whenever the same capture is read: `F` and 16 characters.
 * @param startUs when its first byte came, microseconds since the epoch
 * @param count tells files of the same side and time apart
 */
export function fuidOf(conversation: Conversation, side: Side, startUs: number, count: number): string {
  let low = 0x811c9dc5 ^ (count * 2 + side);
  let high = 0x9747b28c ^ startUs;
  for (const end of [0, 1] as const) {
    const words = conversation.addressWords(end);
    for (let i = 0; i < 4; i++) {
      low = mixed(low, words[i]);
      high = mixed(high, words[i] ^ low);
    }
  }
  low = mixed(low, (conversation.oPort << 16) | conversation.rPort);
  low = mixed(low, startUs / 4294967296);
  high = mixed(high, low);
  let out = 'F';
  for (let i = 0; i < 16; i++) {
    if ((i & 3) === 0) {
      low = mixed(low, high);
      high = mixed(high, low);
    }
    out += digits[(low >>> ((i & 3) * 8)) % 62];
  }
  return out;
}

/** One round of a multiply-and-rotate mix over 32 bits. */
function mixed(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x85ebca6b);
  return Math.imul((h ^ (h >>> 13)) + 0x27d4eb2f, 0xc2b2ae35) ^ (h >>> 16);
}

/** Whether a side's address belongs to a private network, the host itself, or the link. */
export function isLocalSide(conversation: Conversation, side: Side): boolean {
  const [a, b, c, d] = conversation.addressWords(side);
  if (conversation.ipVersion === 4) {
    const top = a >>> 24;
    if (top === 10 || top === 127) return true;
    const two = a >>> 16;
    return two === 0xc0a8 || two >>> 4 === 0xac1 || (top === 100 && a >>> 22 === 0x191);
  }
  const top = a >>> 16;
  return top >>> 9 === 0x7e || top >>> 6 === 0x3fa || (a === 0 && b === 0 && c === 0 && d === 1);
}
