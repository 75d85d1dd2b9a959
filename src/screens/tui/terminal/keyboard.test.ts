// Proves that keys reach Ink whole, that pasted text and replies of the terminal never become keys, and under which names
// keys are known.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type InkRoot, openInk } from './ink-root.ts';
import { Keyboard } from './keyboard.ts';
import { Paper } from './paper.ts';

let root: InkRoot | null = null;
afterEach(() => root?.unmount());

/** What is heard of these pieces, as words. */
async function heardOf(...pieces: (string | Buffer)[]): Promise<string[]> {
  const heard: string[] = [];
  const keyboard = new Keyboard({
    paste: (text) => heard.push(`paste ${text}`),
    background: (...parts) => heard.push(`background ${parts.map((part) => part.toFixed(1)).join(' ')}`),
  });
  root = openInk(new Paper(() => {}), keyboard.input, ({ name, shift }) => heard.push(shift ? `shift ${name}` : name));
  for (const piece of pieces) {
    keyboard.feed(piece);
    await sleep(5);
  }
  await sleep(20);
  return heard;
}

describe('keyboard', () => {
  it('knows keys by name', async () => {
    expect(await heardOf('1', 'q', 'S', '/')).toEqual(['1', 'q', 'shift S', '/']);
    expect(await heardOf('\x1b[A', '\x1bOB', '\x1b[5~', '\x1b[6~')).toEqual(['up', 'down', 'pageup', 'pagedown']);
    expect(await heardOf('\x1b[H', '\x1b[F', '\t', '\x1b[Z')).toEqual(['home', 'end', 'tab', 'shift tab']);
    expect(await heardOf('\r', '\x7f', '\x08', ' ')).toEqual(['enter', 'backspace', 'backspace', 'space']);
    expect(await heardOf('\x03', '\x1a', '\x15')).toEqual(['ctrl+c', 'ctrl+z', 'ctrl+u']);
  });

  it('knows Esc alone from the beginning of a sequence', async () => {
    expect(await heardOf('\x1b')).toEqual(['escape']);
    expect(await heardOf('\x1b[A\x1b[B')).toEqual(['up', 'down']);
  });

  it('takes letters that came at once as several keys', async () => {
    expect(await heardOf('dns\r')).toEqual(['d', 'n', 's', 'enter']);
    expect(await heardOf(Buffer.from([0xc3]), Buffer.from([0xa4]))).toEqual(['ä']);
  });

  it('keeps quiet about sequences that nobody knows', async () => {
    expect(await heardOf('\x1b[25~', '\x1bx', '\x1b[<0;10;10M')).toEqual([]);
  });

  it('gives pasted text as one, in one line and without control characters', async () => {
    expect(await heardOf('\x1b[200~ip == 1.2.3.4\nq\x1b[31m\x1b[201~')).toEqual(['paste ip == 1.2.3.4 q [31m']);
    expect(await heardOf('\x1b[200~q', 'q\x1b[201~x')).toEqual(['paste qq', 'x']);
  });

  it('reads which background there is, however the reply comes', async () => {
    expect(await heardOf('\x1b]11;rgb:ffff/ffff/ffff\x07')).toEqual(['background 1.0 1.0 1.0']);
    expect(await heardOf('\x1b]11;rgb:00/0', '0/00\x1b\\q')).toEqual(['background 0.0 0.0 0.0', 'q']);
    expect(await heardOf('\x1b]52;c;abc\x07q')).toEqual(['q']);
  });
});
