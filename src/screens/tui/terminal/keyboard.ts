// What comes from the terminal: replies to questions and pasted text are taken out, the rest is Ink's to read.

import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A stdin for Ink. Raw mode is the terminal's own business here. */
export type InkInput = PassThrough & { isTTY: true; setRawMode(): void; ref(): void; unref(): void };

export interface Heard {
  /** Text that was pasted, as one. */
  paste(text: string): void;
  /** Background of the terminal, each part 0..1. */
  background(red: number, green: number, blue: number): void;
}

const pasteBegin = '\u001b[200~';
const pasteEnd = '\u001b[201~';
/** Pasted text and replies never grow past this. */
const mostHeld = 1 << 16;

/** Takes bytes of the terminal in any pieces. */
export class Keyboard {
  readonly input: InkInput;
  readonly #heard: Heard;
  readonly #decoder = new StringDecoder('utf8');
  #held = '';

  constructor(heard: Heard) {
    this.#heard = heard;
    const nothing = (): void => {};
    this.input = Object.assign(new PassThrough(), {
      isTTY: true as const,
      setRawMode: nothing,
      ref: nothing,
      unref: nothing,
    });
  }

  feed(data: Buffer | string): void {
    let text = this.#held + (typeof data === 'string' ? data : this.#decoder.write(data));
    this.#held = '';
    while (text !== '') {
      const at = text.search(/\u001b(?:\[200~|\])/);
      this.#keys(at < 0 ? text : text.slice(0, at));
      if (at < 0) return;
      const rest = text.slice(at);
      const end = rest.startsWith(pasteBegin) ? rest.indexOf(pasteEnd) : rest.search(/\u0007|\u001b\\/);
      if (end < 0) {
        // The rest is still on its way.
        if (rest.length < mostHeld) this.#held = rest;
        return;
      }
      text = this.#special(rest, end);
    }
  }

  /** Gives what follows the paste or reply that ends at `end`. */
  #special(text: string, end: number): string {
    if (text.startsWith(pasteBegin)) {
      // Only what can stand in one line.
      const pasted = text.slice(pasteBegin.length, end).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
      this.#heard.paste(pasted);
      return text.slice(end + pasteEnd.length);
    }
    const colour = /^\u001b\]11;rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(text.slice(0, end));
    if (colour !== null) {
      const [red, green, blue] = colour.slice(1).map((hex) => Number.parseInt(hex, 16) / (16 ** hex.length - 1));
      this.#heard.background(red, green, blue);
    }
    return text.slice(end + (text[end] === '\u0007' ? 1 : 2));
  }

  #keys(text: string): void {
    if (text !== '') this.input.write(text);
  }
}
