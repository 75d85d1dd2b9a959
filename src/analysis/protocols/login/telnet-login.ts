// A login over a terminal, told from prompts and what is typed at them. Only the user's name is kept.

import { wireText } from '../../../core/index.ts';
import type { Side } from '../protocol.ts';

/** Characters of a name, of the server's line at hand, and of its words after a password. */
const nameChars = 64;
const lineChars = 80;
const answerChars = 256;

type Place = 'before' | 'at name' | 'at password' | 'after password';

/** A prompt is the end of what the server said, in small letters. */
const namePrompts = ['login:', 'username:', 'user:', 'user name:', 'login as:', 'account:'];
const passwordPrompts = ['password:', 'passcode:', 'passwd:', 'password for'];
const passwordWords = ['password', 'passcode', 'passwd'];
const refusals = ['incorrect', 'fail', 'denied', 'invalid', 'bad password', 'not authorized', 'wrong'];

export class TelnetLogin {
  user: string | null = null;
  isSuccess: boolean | null = null;
  attempts = 0;
  /** Attempts whose outcome is known. */
  outcomes = 0;
  #place: Place = 'before';
  #typed = '';
  #line = '';
  #answer = '';

  /** An attempt was made whose outcome is not known. */
  get isOpen(): boolean {
    return this.attempts > this.outcomes;
  }

  said(side: Side, b: Uint8Array, at: number, end: number): void {
    if (side === 0) this.#type(b, at, end);
    else this.#show(b, at, end);
  }

  /** Something was lost: what is typed next may be a password. */
  forget(): void {
    this.#place = 'before';
    this.#typed = '';
    this.#line = '';
  }

  #type(b: Uint8Array, at: number, end: number): void {
    if (this.#place === 'after password') {
      // Whoever types on has been let in, unless asked again.
      if (this.#answer.trim() !== '') this.#decide(true);
      return;
    }
    if (this.#place === 'before') return;
    for (let i = at; i < end; i++) {
      const c = b[i];
      if (c === 0x0d || c === 0x0a) {
        this.#entered();
        return;
      }
      if (this.#place !== 'at name') continue;
      if (c === 0x08 || c === 0x7f) this.#typed = this.#typed.slice(0, -1);
      else if (c >= 0x20 && this.#typed.length < nameChars) this.#typed += wireText(b, i, i + 1);
    }
  }

  #entered(): void {
    if (this.#place === 'at name') {
      if (this.#typed !== '') this.user = this.#typed;
      this.#place = 'before';
    } else {
      this.attempts++;
      this.isSuccess = null;
      this.#place = 'after password';
      this.#answer = '';
    }
    this.#typed = '';
    this.#line = '';
  }

  #show(b: Uint8Array, at: number, end: number): void {
    const text = wireText(b, Math.max(at, end - answerChars), end).toLowerCase();
    this.#line = (this.#line + text).slice(-lineChars);
    if (this.#place === 'after password') {
      this.#answer = (this.#answer + text).slice(0, answerChars);
      if (refusals.some((word) => this.#answer.includes(word))) this.#decide(false);
    }
    const line = this.#line.trimEnd();
    const last = line.slice(line.lastIndexOf('\\x0a') + 1);
    const isName = namePrompts.some((prompt) => line.endsWith(prompt));
    // `Password for user:` asks for no name.
    if (isName && !passwordWords.some((word) => last.includes(word))) {
      // `Last login: ` is a greeting that goes on.
      if (line.endsWith('last login:')) return;
      if (this.#place === 'after password') this.#decide(false);
      if (this.#place !== 'at name') this.#typed = '';
      this.#place = 'at name';
    } else if (isName || passwordPrompts.some((prompt) => line.endsWith(prompt))) {
      if (this.#place === 'after password') this.#decide(false);
      this.#place = 'at password';
      this.#typed = '';
    } else if (this.#answer.length >= answerChars) {
      this.#decide(true);
    }
  }

  #decide(isSuccess: boolean): void {
    if (this.#place !== 'after password') return;
    this.#place = 'before';
    this.#answer = '';
    this.isSuccess = isSuccess;
    this.outcomes++;
  }
}
