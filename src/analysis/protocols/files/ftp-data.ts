// FTP data connections (RFC 959 §3): what goes over one is told by the control connection that announced it.

import { type EventOf, number, text } from '../../../core/index.ts';
import { type Conversation, defineProtocol, type Side, type Talk } from '../protocol.ts';
import { files, fuidOf, isLocalSide } from '../web/files.ts';
import { mimeOf } from '../web/mime.ts';

/** First bytes that are looked at for the type, where they come in small pieces. */
const sampleBytes = 256;

/**
 * What the control connection says of a data connection, and hears of it: shared by both. It may come to know the command
 * only after the data connection was opened.
 */
export interface FtpTransfer {
  command: string | null;
  fileName: string | null;
  user: string | null;
  fuid: string | null;
  mimeType: string | null;
}

export const newTransfer = (user: string | null): FtpTransfer => ({
  command: null,
  fileName: null,
  user,
  fuid: null,
  mimeType: null,
});

const fields = {
  command: text('Command that began the transfer', { eve: 'ftp_data.command' }),
  fileName: text('File', { eve: 'ftp_data.filename' }),
  user: text('User'),
  bytes: number('Length of the data', { unit: 'bytes' }),
  missingBytes: number('Data that was not captured', { unit: 'bytes' }),
};

class FtpDataTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #transfer: FtpTransfer;
  #bytes = 0;
  #missing = 0;
  #side: Side = 0;
  #startUs = 0;
  #endUs = 0;
  #sample: Uint8Array | null = null;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
    this.#transfer = isTransfer(conversation.given) ? conversation.given : newTransfer(null);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const count = end - at;
    const seen = this.#bytes - this.#missing;
    if (this.#startUs === 0) this.#begin(side);
    if (seen < sampleBytes && this.#missing === 0) this.#sniff(b, at, end, seen);
    this.#bytes += count;
    this.#endUs = this.#conversation.timeUs;
    return count;
  }

  gap(side: Side, missing: number): void {
    if (this.#startUs === 0) this.#begin(side);
    this.#bytes += missing;
    this.#missing += missing;
  }

  end(): void {
    const { command, fileName, user } = this.#transfer;
    if (this.#startUs > 0) this.#tellFile();
    if (command === null) return;
    const event: EventOf<typeof fields> = { command, bytes: this.#bytes };
    if (fileName !== null) event.fileName = fileName;
    if (user !== null) event.user = user;
    if (this.#missing > 0) event.missingBytes = this.#missing;
    this.#conversation.emit(event);
  }

  #begin(side: Side): void {
    this.#side = side;
    this.#startUs = this.#conversation.timeUs;
    this.#endUs = this.#startUs;
    this.#transfer.fuid = fuidOf(this.#conversation, side, this.#startUs, 0);
  }

  /** The type by the first bytes, anew as long as few have come. */
  #sniff(b: Uint8Array, at: number, end: number, seen: number): void {
    let mimeType: string | undefined;
    if (seen === 0 && end - at >= sampleBytes) {
      mimeType = mimeOf(b, at, end);
    } else {
      this.#sample ??= new Uint8Array(sampleBytes);
      const room = Math.min(end - at, sampleBytes - seen);
      this.#sample.set(b.subarray(at, at + room), seen);
      mimeType = mimeOf(this.#sample, 0, seen + room);
      if (seen + room === sampleBytes) this.#sample = null;
    }
    this.#transfer.mimeType = mimeType ?? null;
  }

  /** Lists of files are none for EVE, which tells of what has a name. */
  #tellFile(): void {
    const { command, fileName, fuid, mimeType } = this.#transfer;
    const missing = this.#missing;
    const event: EventOf<typeof files.fields> = {
      isStored: false,
      hasGaps: missing > 0,
      state: missing > 0 ? 'TRUNCATED' : 'CLOSED',
      size: this.#bytes,
      transaction: 0,
      source: 'FTP_DATA',
      depth: 0,
      analyzers: [],
      durationUs: Math.max(0, this.#endUs - this.#startUs),
      isLocal: isLocalSide(this.#conversation, this.#side),
      isOrig: this.#side === 0,
      seenBytes: this.#bytes - missing,
      missingBytes: missing,
      overflowBytes: 0,
      isTimedOut: false,
    };
    if (fuid !== null) event.fuid = fuid;
    if (mimeType !== null) event.mimeType = mimeType;
    const options = { side: this.#side, timeUs: this.#startUs } as const;
    if (fileName === null || command === null) {
      this.#conversation.emitAs(files, event, { ...options, only: 'log' });
      return;
    }
    event.appProto = 'ftp-data';
    event.shownName = fileName;
    event.ftpData = { command, filename: fileName };
    this.#conversation.emitAs(files, event, options);
  }
}

function isTransfer(given: unknown): given is FtpTransfer {
  return typeof given === 'object' && given !== null && 'command' in given && 'fileName' in given;
}

export const ftpData = defineProtocol({
  name: 'ftp-data',
  title: 'FTP data',
  family: 'files',
  eveType: 'ftp_data',
  zeekService: 'ftp-data',
  ports: { tcp: [20] },
  fields,
  open: (conversation) => new FtpDataTalk(conversation),
});
