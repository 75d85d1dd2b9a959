// A mail message as it goes by (RFC 5322 headers, RFC 2045 and 2046 parts): headers of interest, names of attachments.

import { latin1, nextLine, wireText } from '../../../core/index.ts';
import { parameterOf } from './header-parameters.ts';
import { MailPart } from './mail-part.ts';

/** Bytes of headers that are read, bytes of one line, characters of one value, headers of one name. */
const headerBytes = 65_536;
const lineBytes = 4096;
const valueChars = 8192;
const sameNameLimit = 64;
/** Boundaries that may be open at a time, parts whose headers are read, names of attachments. */
const boundaryLimit = 16;
const partLimit = 256;
const attachmentLimit = 64;

/** Headers that are kept, lower case. */
const wanted = new Set([
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'reply-to',
  'received',
  'x-mailer',
  'user-agent',
  'x-user-agent',
  'x-originating-ip',
  'content-type',
  'content-disposition',
  'content-transfer-encoding',
]);

/** A header's value: `raw` with the white space of folded lines, `text` without what leads them. */
export interface HeaderValue {
  raw: string;
  text: string;
}

/** Where in the message the next line stands. */
type Place = 'headers' | 'body' | 'part headers';

export class MailMessage {
  readonly headers = new Map<string, HeaderValue[]>();
  readonly attachments: string[] = [];
  /** Parts that hold something else than parts. */
  readonly leaves: MailPart[] = [];
  /** Bytes of the whole message so far. */
  bytes = 0;
  /** Headers were longer than what is read of them. */
  isCut = false;
  #place: Place = 'headers';
  #headerBytes = 0;
  #parts = 0;
  readonly #boundaries: string[] = [];
  #name = '';
  #value: HeaderValue | null = null;
  #partHeaders = new Map<string, HeaderValue[]>();
  /** The beginning of a line whose end has not come. */
  #carry: Uint8Array | null = null;
  #carried = 0;
  #skipsLine = false;
  /** The part at hand. */
  #leaf: MailPart | null = null;
  #timeUs = 0;
  readonly #depth: { count: number };

  /** @param depth counts the parts of a connection's mails */
  constructor(depth = { count: 0 }) {
    this.#depth = depth;
    depth.count++;
  }

  /** How far reading came, in Suricata's words. */
  get status(): string {
    return this.#place === 'headers' ? 'HEADER_STARTED' : 'BODY_STARTED';
  }

  header(name: string): HeaderValue | undefined {
    return this.headers.get(name)?.[0];
  }

  /** Takes the next bytes of the message, cut anywhere. */
  feed(b: Uint8Array, at: number, end: number, timeUs = 0): void {
    this.#timeUs = timeUs;
    this.bytes += end - at;
    let o = at;
    while (o < end) {
      if (this.#place === 'body' && (this.#boundaries.length === 0 || this.#parts > partLimit)) {
        this.#leaf?.take(b, o, end, this.#timeUs);
        return;
      }
      const next = nextLine(b, o, end);
      const stop = next < 0 ? end : next;
      if (this.#skipsLine) {
        this.#leaf?.take(b, o, stop, this.#timeUs);
        if (next > 0) this.#skipsLine = false;
      } else if (this.#carried > 0) {
        this.#keep(b, o, stop);
        if (next > 0 && this.#carry !== null) {
          const length = this.#carried;
          this.#carried = 0;
          this.#line(this.#carry, 0, length);
        }
      } else if (this.#place === 'body' && b[o] !== 0x2d) {
        // Only lines that begin with a dash can be a boundary.
        this.#leaf?.take(b, o, stop, this.#timeUs);
        if (next < 0) this.#skipsLine = true;
      } else if (next > 0) {
        this.#line(b, o, Math.min(stop, o + lineBytes));
      } else {
        this.#keep(b, o, stop);
      }
      o = stop;
    }
  }

  /** The last line has no end. */
  finish(): void {
    if (this.#carried > 0 && this.#carry !== null) this.#line(this.#carry, 0, this.#carried);
    this.#carried = 0;
    this.#close();
  }

  #keep(b: Uint8Array, at: number, end: number): void {
    this.#carry ??= new Uint8Array(lineBytes);
    const length = Math.min(end - at, lineBytes - this.#carried);
    this.#carry.set(b.subarray(at, at + length), this.#carried);
    this.#carried += length;
  }

  #line(b: Uint8Array, at: number, to: number): void {
    let end = to;
    while (end > at && (b[end - 1] === 0x0a || b[end - 1] === 0x0d)) end--;
    if (this.#place === 'body') {
      if (!this.#isBoundary(b, at, end)) this.#leaf?.take(b, at, to, this.#timeUs);
      return;
    }
    this.#headerBytes += to - at;
    if (end === at || this.#headerBytes > headerBytes) {
      if (end > at) this.isCut = true;
      this.#endHeaders();
    } else if (b[at] === 0x20 || b[at] === 0x09) {
      this.#fold(b, at, end);
    } else {
      this.#header(b, at, end);
    }
  }

  #header(b: Uint8Array, at: number, end: number): void {
    this.#close();
    let colon = at;
    while (colon < end && b[colon] !== 0x3a) colon++;
    if (colon === end || colon - at > 64) return;
    const name = latin1(b, at, colon).trimEnd().toLowerCase();
    if (!wanted.has(name)) return;
    let from = colon + 1;
    while (from < end && (b[from] === 0x20 || b[from] === 0x09)) from++;
    const text = wireText(b, from, end);
    this.#name = name;
    this.#value = { raw: text, text };
  }

  #fold(b: Uint8Array, at: number, end: number): void {
    const value = this.#value;
    if (value === null || value.raw.length > valueChars) return;
    const text = wireText(b, at, end);
    value.raw += text;
    value.text += text.trimStart();
  }

  /** Files the header at hand. */
  #close(): void {
    if (this.#value === null) return;
    const into = this.#place === 'headers' ? this.headers : this.#partHeaders;
    const values = into.get(this.#name);
    if (values === undefined) into.set(this.#name, [this.#value]);
    else if (values.length < sameNameLimit) values.push(this.#value);
    this.#value = null;
  }

  #endHeaders(): void {
    this.#close();
    const headers = this.#place === 'headers' ? this.headers : this.#partHeaders;
    const type = headers.get('content-type')?.[0].raw ?? '';
    const boundary = parameterOf(type, 'boundary');
    if (boundary !== null && boundary !== '' && this.#boundaries.length < boundaryLimit) {
      this.#boundaries.push(boundary.slice(0, 200));
    }
    const disposition = headers.get('content-disposition')?.[0].raw ?? '';
    const name = parameterOf(disposition, 'filename') ?? parameterOf(type, 'name');
    const isMail = /^message\/rfc822\b/i.test(type) && this.#parts <= partLimit;
    const isNamed = name !== null && name !== '' && this.attachments.length < attachmentLimit;
    if (isNamed) this.attachments.push(name);
    const isWhole = isMail || (boundary !== null && /^multipart\//i.test(type));
    if (!isWhole) this.#beginLeaf(isNamed ? name : null, headers.get('content-transfer-encoding')?.[0].raw ?? '');
    this.#place = 'body';
    // A mail inside the mail begins with headers of its own, and is never encoded (RFC 2046 §5.2.1).
    if (isMail) this.#beginPart();
  }

  #beginLeaf(name: string | null, encoding: string): void {
    if (this.leaves.length >= attachmentLimit) return;
    this.#leaf = new MailPart(name, this.#depth.count, encoding);
    this.leaves.push(this.#leaf);
  }

  #beginPart(): void {
    this.#place = 'part headers';
    this.#depth.count++;
    this.#headerBytes = 0;
    this.#parts++;
    this.#partHeaders = new Map();
  }

  /** Whether the line ends a part: then, if it is not the last, headers follow. */
  #isBoundary(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 3 || b[at + 1] !== 0x2d) return false;
    const line = latin1(b, at + 2, end);
    for (const boundary of this.#boundaries) {
      if (!line.startsWith(boundary)) continue;
      if (this.#leaf !== null) this.#leaf.isWhole = true;
      this.#leaf = null;
      if (!line.startsWith('--', boundary.length)) this.#beginPart();
      return true;
    }
    return false;
  }
}

/** Whether the line from `at` to `next` (behind its line feed) is a dot and nothing else: the end of a message. */
export function isLoneDot(b: Uint8Array, at: number, next: number): boolean {
  return b[at] === 0x2e && (next - at === 2 || (next - at === 3 && b[at + 1] === 0x0d));
}
