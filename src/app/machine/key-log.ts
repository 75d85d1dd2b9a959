// TLS secrets of the user's own connections: SSLKEYLOGFILE (draft-ietf-tls-keylogfile) and secrets inside capture files.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure, type KeyLog } from '../../core/index.ts';

/** Kind of a pcapng Decryption Secrets Block that holds a TLS key log ("TLSK"). */
export const tlsKeyLogKind = 0x544c534b;

/** Labels that something can be opened with. Others, such as EXPORTER_SECRET, are passed over. */
const labels = [
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;

const line = /^([A-Z0-9_]{1,64}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{2,128})$/;
/** A longer line is none of a key log. */
const lineLimit = 512;
const chunkBytes = 1 << 20;

export interface KeyLogOptions {
  /** File that is read, and read on while it grows; null: only what is added. */
  readonly path?: string | null;
  /** Secrets kept at the most; the oldest go first. */
  readonly limit?: number;
  /** Milliseconds; for tests. */
  readonly clock?: () => number;
}

/** How often a file is looked at again, at the most, when a secret is asked for that is not known. */
const rereadMs = 1000;

export class NodeKeyLog implements KeyLog {
  /** By label and client random, both as one character a byte: a million of them fit into the memory of a small machine. */
  readonly #secrets = new Map<string, string>();
  readonly #path: string | null;
  readonly #limit: number;
  readonly #clock: () => number;
  /** What comes after the last line feed seen. */
  #rest = '';
  #position = 0;
  #inode = 0;
  #readAt = 0;
  /** Lines that were no secret. */
  ignored = 0;

  /** @throws Failure when the file cannot be read, or holds something else */
  constructor(options: KeyLogOptions = {}) {
    this.#path = options.path ?? null;
    this.#limit = options.limit ?? 1_000_000;
    this.#clock = options.clock ?? Date.now;
    if (this.#path !== null) this.#readFirst(this.#path);
  }

  /** Secrets known. */
  get size(): number {
    return this.#secrets.size;
  }

  /** A file that is followed may get its first secret at any time. */
  get isEmpty(): boolean {
    return this.#path === null && this.#secrets.size === 0;
  }

  secret(label: string, clientRandom: string): Uint8Array | null {
    const index = (labels as readonly string[]).indexOf(label);
    if (index < 0) return null;
    const key = keyOf(index, clientRandom);
    const known = this.#secrets.get(key) ?? (this.#readMore() ? this.#secrets.get(key) : undefined);
    return known === undefined ? null : bytesOf(known);
  }

  /** Takes the lines of a key log, such as a capture file carries. */
  add(text: string | Uint8Array): void {
    const whole = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
    for (const one of whole.split('\n')) this.#addLine(one);
  }

  #addLine(text: string): void {
    const trimmed = text.length > lineLimit ? '' : text.trim();
    if (text.length === 0 || trimmed.startsWith('#')) return;
    const parts = line.exec(trimmed);
    if (parts === null || parts[3].length % 2 !== 0) {
      if (trimmed !== '' || text.length > lineLimit) this.ignored++;
      return;
    }
    const index = (labels as readonly string[]).indexOf(parts[1]);
    if (index < 0) return;
    const key = keyOf(index, parts[2]);
    // The last one of the same name counts, and is the youngest.
    this.#secrets.delete(key);
    this.#secrets.set(key, charactersOf(parts[3]));
    if (this.#secrets.size > this.#limit) {
      const oldest = this.#secrets.keys().next();
      if (oldest.done !== true) this.#secrets.delete(oldest.value);
    }
  }

  #readFirst(path: string): void {
    try {
      this.#read(path);
    } catch (error) {
      throw unreadable(path, error);
    }
    this.#readAt = this.#clock();
    if (this.#secrets.size > 0 || this.ignored === 0) return;
    throw new Failure(
      'UNKNOWN_FILE_FORMAT',
      `${path} holds no line of a TLS key log`,
      'Give the file that SSLKEYLOGFILE names: its lines begin with a label such as CLIENT_RANDOM.',
    );
  }

  /** @returns whether there was something new */
  #readMore(): boolean {
    const now = this.#clock();
    if (this.#path === null || now - this.#readAt < rereadMs) return false;
    this.#readAt = now;
    try {
      return this.#read(this.#path);
    } catch {
      // It was moved away or is being replaced: what is known stays, and it is looked for again later.
      return false;
    }
  }

  #read(path: string): boolean {
    const file = openSync(path, 'r');
    try {
      const { ino, size } = fstatSync(file);
      if (ino !== this.#inode || size < this.#position) {
        this.#inode = ino;
        this.#position = 0;
        this.#rest = '';
      }
      const start = this.#position;
      const chunk = Buffer.allocUnsafe(chunkBytes);
      for (;;) {
        const count = readSync(file, chunk, 0, chunkBytes, this.#position);
        if (count === 0) break;
        this.#position += count;
        this.#takeChunk(chunk.toString('latin1', 0, count));
      }
      return this.#position > start;
    } finally {
      closeSync(file);
    }
  }

  #takeChunk(text: string): void {
    const lines = (this.#rest + text).split('\n');
    const last = lines.pop() ?? '';
    // Of a line that is too long the end is no use either: one more character than the limit makes it refused.
    this.#rest = last.slice(0, lineLimit + 1);
    for (const one of lines) this.#addLine(one);
  }
}

function unreadable(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    const hint = 'Check the path, or create the file empty when a program will write it later.';
    return new Failure('NO_SUCH_FILE', `there is no key log ${path}`, hint, error);
  }
  const hint = code === 'EACCES' ? 'Allow this user to read it: chmod u+r on the file.' : 'Give a plain file.';
  return new Failure('FILE_UNREADABLE', `the key log ${path} cannot be read (${code ?? String(error)})`, hint, error);
}

const keyOf = (label: number, randomHex: string): string => String.fromCharCode(label) + charactersOf(randomHex);

/** One character a byte. */
const charactersOf = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');

function bytesOf(characters: string): Uint8Array {
  const out = new Uint8Array(characters.length);
  for (let i = 0; i < out.length; i++) out[i] = characters.charCodeAt(i);
  return out;
}
