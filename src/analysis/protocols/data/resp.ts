// RESP2 and RESP3, the serialization of Redis and Valkey (redis.io, "Redis serialization protocol"), read piece by piece.

import { findByte, latin1, wireText } from '../../../core/index.ts';

/** Bytes of a value that are kept as text. */
const textLimit = 1024;
/** Characters of a whole value's text. */
const shownLimit = 4096;
/** Items of a value that are kept. */
const itemLimit = 64;
/** Arrays inside arrays. */
const depthLimit = 16;
/** Bytes of a line: numbers, simple texts, inline commands. */
const lineLimit = 60_000;

/** A value that was read to its end. */
export interface RespValue {
  /** First byte: `+ - : $ * _ # , ( ! = % ~ > |`; a space for an inline command. */
  readonly type: string;
  /** `[1, [a, b]]`, or the text itself; empty for null. */
  readonly text: string;
  readonly isNull: boolean;
  /** Texts of the items of the outermost array, as far as they are kept. */
  readonly items: readonly string[];
  /** Items of the outermost array; bytes of a text. */
  readonly count: number;
}

interface Level {
  readonly type: string;
  left: number;
  isFirst: boolean;
}

/** Result of {@link RespReader.read}: position, or that the bytes are no RESP. */
export const notResp = -1;

/** Reads the values of one side. Arrays are not kept whole: each part is done with when it was seen. */
export class RespReader {
  /** Filled when `read` comes upon the end of a value; the caller takes it and calls on. */
  value: RespValue | null = null;
  readonly #levels: Level[] = [];
  #text = '';
  #items: string[] = [];
  #item = '';
  #type = '';
  #count = 0;
  #isNull = false;
  /** Attributes (RESP3) that are open: they stand before a value and are not shown. */
  #hidden = 0;

  /**
   * Reads at most to the end of a value.
   * @param isServer inline commands are only taken from clients
   * @returns the position after what was read, beyond `end` when bytes are to be skipped; {@link notResp}
   */
  read(b: Uint8Array, at: number, end: number, isServer: boolean): number {
    this.value = null;
    while (at < end && this.value === null) {
      const next = this.#element(b, at, end, isServer);
      if (next === at || next === notResp) return next;
      at = next;
    }
    return at;
  }

  /** Whether a value is under way. */
  get isAmid(): boolean {
    return this.#levels.length > 0;
  }

  #element(b: Uint8Array, at: number, end: number, isServer: boolean): number {
    const feed = findByte(b, at, Math.min(end, at + lineLimit), 0x0a);
    if (feed < 0) return end - at >= lineLimit ? notResp : at;
    const lineEnd = feed > at && b[feed - 1] === 0x0d ? feed - 1 : feed;
    const type = String.fromCharCode(b[at] & 0x7f);
    const isArray = '*%~>|'.includes(type);
    const isText = '$=!'.includes(type);
    if (!isArray && !isText && !'+-:_#,('.includes(type)) {
      if (isServer || this.isAmid) return notResp;
      return this.#inline(b, at, lineEnd, feed + 1);
    }
    if (isArray || isText) {
      const length = lengthAt(b, at + 1, lineEnd);
      if (length === undefined) return notResp;
      if (isArray) return this.#array(type, length, feed + 1);
      return this.#bulk(type, length, b, at, feed + 1, end);
    }
    const from = at + 1;
    this.#leaf(type, wireText(b, from, Math.min(lineEnd, from + textLimit)), lineEnd - from, type === '_');
    return feed + 1;
  }

  #bulk(type: string, length: number, b: Uint8Array, at: number, from: number, end: number): number {
    if (length < 0) {
      this.#leaf(type, '', 0, true);
      return from;
    }
    const need = Math.min(length, textLimit);
    // The line is read again together with the text.
    if (end - from < need + (length <= textLimit ? 2 : 0)) return at;
    this.#leaf(type, wireText(b, from, from + need), length, false);
    return from + length + 2;
  }

  #inline(b: Uint8Array, at: number, lineEnd: number, next: number): number {
    let word = at;
    this.#type = ' ';
    this.#items = [];
    while (word < lineEnd && this.#items.length < itemLimit) {
      while (word < lineEnd && b[word] <= 0x20) word++;
      if (word >= lineEnd) break;
      const last = wordEnd(b, word, lineEnd);
      this.#items.push(wireText(b, word, Math.min(last, word + textLimit)));
      word = last;
    }
    this.#text = this.#items.join(' ').slice(0, shownLimit);
    this.#count = this.#items.length;
    // An empty line keeps a connection alive.
    if (this.#count > 0) this.#complete();
    this.#reset();
    return next;
  }

  #array(type: string, length: number, next: number): number {
    if (length < 0) {
      this.#leaf(type, '', 0, true);
      return next;
    }
    const left = type === '%' || type === '|' ? length * 2 : length;
    if (this.#levels.length === 0) {
      this.#reset();
      this.#type = type;
      this.#count = length;
    } else if (this.#levels.length >= depthLimit) {
      // Too deep: what is inside counts as items of the level above.
      const level = this.#levels[this.#levels.length - 1];
      level.left += left - 1;
      this.#drain();
      return next;
    }
    if (type === '|') this.#hidden++;
    else this.#before();
    this.#show('[');
    this.#levels.push({ type, left, isFirst: true });
    if (left === 0) this.#drain();
    return next;
  }

  #leaf(type: string, text: string, count: number, isNull: boolean): void {
    if (this.#levels.length === 0) {
      this.#reset();
      this.#type = type;
      this.#text = text;
      this.#count = count;
      this.#isNull = isNull;
      this.#complete();
      return;
    }
    this.#before();
    this.#show(text);
    this.#levels[this.#levels.length - 1].left--;
    this.#drain();
  }

  #before(): void {
    const level = this.#levels.at(-1);
    if (level === undefined || this.#hidden > 0) return;
    if (!level.isFirst) this.#show(', ');
    level.isFirst = false;
    if (this.#levels.length === 1) this.#item = '';
  }

  #show(text: string): void {
    if (this.#hidden > 0) return;
    if (this.#text.length < shownLimit) this.#text += text.slice(0, shownLimit - this.#text.length);
    if (this.#item.length < textLimit) this.#item += text.slice(0, textLimit - this.#item.length);
  }

  /** Closes the levels that are full. */
  #drain(): void {
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      if (this.#levels.length === 1 && this.#hidden === 0 && this.#items.length < itemLimit && !level.isFirst)
        this.#items.push(this.#item);
      if (level.left > 0) return;
      this.#levels.pop();
      this.#show(']');
      const isAttribute = level.type === '|';
      if (isAttribute) this.#hidden--;
      const above = this.#levels.at(-1);
      if (above === undefined) {
        if (isAttribute) this.#reset();
        else this.#complete();
        return;
      }
      if (isAttribute) return;
      above.left--;
    }
  }

  #complete(): void {
    this.value = {
      type: this.#type,
      text: this.#text,
      isNull: this.#isNull,
      items: this.#items,
      count: this.#count,
    };
  }

  #reset(): void {
    this.#text = '';
    this.#items = [];
    this.#item = '';
    this.#count = 0;
    this.#isNull = false;
  }
}

/** Position after a word of an inline command, its quotes included. */
function wordEnd(b: Uint8Array, at: number, end: number): number {
  let quote = 0;
  for (let i = at; i < end; i++) {
    const c = b[i];
    if (quote !== 0) {
      if (c === 0x5c) i++;
      else if (c === quote) quote = 0;
    } else if (c === 0x22 || c === 0x27) quote = c;
    else if (c <= 0x20) return i;
  }
  return end;
}

/** The number of a line of at most ten digits; undefined when it is none. `?` (streamed) is none. */
export function lengthAt(b: Uint8Array, o: number, end: number): number | undefined {
  if (end - o < 1 || end - o > 10) return undefined;
  const digits = latin1(b, o, end);
  return /^(?:-1|\d+)$/.test(digits) ? Number(digits) : undefined;
}
