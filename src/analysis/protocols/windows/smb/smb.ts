// SMB 1, 2 and 3 (MS-CIFS, MS-SMB2), direct on TCP 445 and over NetBIOS sessions on 139 (RFC 1002 section 4.3).
//
//    type (0 message, 81 to 85 session) | length (3) | SMB message

import { u16le, u24, u32 } from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../../protocol.ts';
import { smbFields } from './fields.ts';
import { SmbSession } from './session.ts';
import { readSmb1 } from './smb1.ts';
import { isSmb2Bulk, readSmb2 } from './smb2.ts';

/** Messages up to so many bytes are read whole. */
const wholeLimit = 8192;
/** Bytes of the head of a longer one: enough for names, and for calls through pipes. */
const headBytes = 1024;
/** Longer ones that are no reading or writing are read up to here. */
const longLimit = 60_000;
/** Session service types of NetBIOS: request, answers, and still there. */
const isNetbiosType = (type: number): boolean => type >= 0x81 && type <= 0x85;

const magic1 = 0xff53_4d42;
const magic2 = 0xfe53_4d42;
const encryptedMagic = 0xfd53_4d42;
const compressedMagic = 0xfc53_4d42;

const isMagic = (word: number): boolean =>
  word === magic1 || word === magic2 || word === encryptedMagic || word === compressedMagic;

class SmbTalk implements Talk {
  readonly #session: SmbSession;
  #isConfirmed = false;
  /** Bytes of the side were lost: where a message begins has to be found. */
  readonly #isLost: [boolean, boolean] = [false, false];

  constructor(conversation: Conversation<typeof smbFields>) {
    this.#session = new SmbSession(conversation);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= 4) {
      if (this.#isLost[side] || !isFrame(b, o, end)) {
        if (!this.#isConfirmed) return notMine;
        const found = findFrame(b, o, end);
        if (found < 0) {
          this.#isLost[side] = true;
          // The last bytes may be the first ones of a message.
          return Math.max(0, end - at - 7);
        }
        this.#isLost[side] = false;
        o = found;
      }
      const length = b[o] === 0 ? u24(b, o + 1) : u24(b, o + 1) & 0x1_ffff;
      if (b[o] === 0 && length > 0) {
        if (end - o < neededBytes(b, o, end, length)) break;
        this.#message(side, b, o + 4, Math.min(end, o + 4 + length));
      } else if (end - o < 4 + length) break;
      o += 4 + length;
    }
    return o - at;
  }

  gap(side: Side): void {
    this.#isLost[side] = true;
  }

  end(): void {
    this.#session.end();
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    if (end - at < 4) return;
    const magic = u32(b, at);
    let isResponse: boolean | null = null;
    if (magic === magic2) isResponse = readSmb2(this.#session, b, at, end);
    else if (magic === magic1) isResponse = readSmb1(this.#session, b, at, end);
    else if (magic === encryptedMagic && !this.#session.isEncrypted) {
      this.#session.isEncrypted = true;
      this.#session.conversation.confirm();
    }
    if (isResponse === null || this.#isConfirmed) return;
    this.#isConfirmed = true;
    this.#session.conversation.confirm();
    if (isResponse === (side === 0)) this.#session.conversation.swap();
  }
}

/** Whether a frame begins at `o`, as far as can be seen. */
function isFrame(b: Uint8Array, o: number, end: number): boolean {
  if (b[o] !== 0) return isNetbiosType(b[o]) && b[o + 1] <= 1;
  if (end - o < 8 || u24(b, o + 1) < 4) return true;
  return isMagic(u32(b, o + 4));
}

/** Where a frame with a message begins; -1 when there is none. */
function findFrame(b: Uint8Array, from: number, end: number): number {
  for (let o = from; o + 8 <= end; o++) {
    if (b[o] === 0 && b[o + 5] === 0x53 && b[o + 6] === 0x4d && b[o + 7] === 0x42 && isMagic(u32(b, o + 4))) return o;
  }
  return -1;
}

/** Bytes that have to be there before a frame is read. */
function neededBytes(b: Uint8Array, o: number, end: number, length: number): number {
  if (length <= headBytes) return 4 + length;
  if (end - o < 4 + 64) return 4 + 64;
  const magic = u32(b, o + 4);
  // What is sealed or packed cannot be read at all.
  if (magic === encryptedMagic || magic === compressedMagic) return 8;
  const isBulk = magic === magic2 ? isSmb2Bulk(b, o + 4) : b[o + 8] === 0x2e || b[o + 8] === 0x2f;
  if (isBulk) return headBytes;
  return length <= wholeLimit ? 4 + length : Math.min(4 + length, longLimit);
}

const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 0) {
    // A NetBIOS session is asked for with two encoded names of 32 letters.
    if (b[at] !== 0x81 || !hint.isPort) return probed.no;
    if (end - at < 5) return probed.maybe;
    return u24(b, at + 1) >= 68 && b[at + 4] === 0x20 ? probed.yes : probed.no;
  }
  if (end - at < 8) return probed.maybe;
  const magic = u32(b, at + 4);
  if (!isMagic(magic)) return probed.no;
  if (magic === magic2 && end - at >= 10) return u16le(b, at + 8) === 64 ? probed.yes : probed.no;
  return probed.yes;
};

export const smb = defineProtocol({
  name: 'smb',
  title: 'SMB',
  family: 'files',
  zeekService: 'smb',
  ports: { tcp: [445, 139] },
  fields: smbFields,
  probe: startingWith(oneOf(0, 0x81), probe),
  open: (conversation) => new SmbTalk(conversation),
});
