// Trivial File Transfer Protocol (RFC 1350, options: RFC 2347). The server answers from a port of its own.
//
//   | 1 or 2 | file 0 | mode 0 | option 0 value 0 …       read or write
//   | 3 | block | up to 512 bytes                         data
//   | 4 | block |           | 5 | code | text 0           acknowledgement, error

import { type AnyEvent, findByte, number, text, texts, u16, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type ProbeHint,
  probed,
  startingWith,
  type Talk,
} from '../protocol.ts';

const port = 69;
/** Characters of a file's name, and options told. */
const nameLimit = 512;
const optionLimit = 16;

const fields = {
  packet: text('`read` or `write`', { eve: 'tftp.packet' }),
  file: text('Name of the file', { eve: 'tftp.file', filter: 'tftp.source_file' }),
  mode: text('`octet` or `netascii`', { eve: 'tftp.mode', filter: 'tftp.type' }),
  options: texts('Options asked for, as name=value'),
  error: text('Why the transfer ended early', { filter: 'tftp.error.message' }),
  blocks: number('Blocks of data sent'),
  fileBytes: number('Bytes of the file sent', { unit: 'bytes' }),
  durationUs: number('Time from the first packet to the last', { unit: 'us' }),
};

const errors = [
  '',
  'file not found',
  'access violation',
  'disk full',
  'illegal operation',
  'unknown transfer',
  'file exists',
  'no such user',
  'options refused',
];

/** Strings that end in zero, from `at` on. */
function strings(b: Uint8Array, at: number, end: number): string[] {
  const all: string[] = [];
  while (at < end && all.length < 2 + 2 * optionLimit) {
    const stop = findByte(b, at, Math.min(end, at + nameLimit), 0);
    if (stop < 0) break;
    all.push(wireText(b, at, stop));
    at = stop + 1;
  }
  return all;
}

function readRequest(b: Uint8Array, at: number, end: number): AnyEvent | null {
  const [file, mode, ...rest] = strings(b, at + 2, end);
  if (file === undefined || mode === undefined) return null;
  const event: AnyEvent = { packet: b[at + 1] === 1 ? 'read' : 'write', file, mode };
  const options: string[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) options.push(`${rest[i]}=${rest[i + 1]}`);
  if (options.length > 0) event.options = options;
  return event;
}

/** What the flow of the question tells that of the data. */
interface Asked {
  readonly packet: unknown;
  readonly file: unknown;
  readonly mode: unknown;
}

function open(conversation: Conversation<typeof fields>): Talk {
  const given = conversation.given as Asked | undefined;
  let asked: Asked | null = given ?? null;
  let isFirst = true;
  let blocks = 0;
  let lastBlock = -1;
  let fileBytes = 0;
  let firstUs = -1;
  let lastUs = 0;
  let error = '';

  const request = (b: Uint8Array, at: number, end: number): void => {
    const event = readRequest(b, at, end);
    if (event === null) return;
    asked = { packet: event.packet, file: event.file, mode: event.mode };
    const address = { ipVersion: conversation.ipVersion, words: conversation.addressWords(0) };
    conversation.expect({ proto: 17, address, port: conversation.oPort, protocol: 'tftp', given: asked });
    conversation.emit(event, { side: 0 });
  };

  const take = (b: Uint8Array, at: number, end: number, code: number): void => {
    if (firstUs < 0) firstUs = conversation.timeUs;
    lastUs = conversation.timeUs;
    if (code === 5) {
      let stop = Math.min(end, at + 4 + nameLimit);
      while (stop > at + 4 && b[stop - 1] === 0) stop--;
      error = wireText(b, at + 4, stop) || (errors[u16(b, at + 2)] ?? 'error');
    } else if (code === 3 && u16(b, at + 2) !== lastBlock) {
      lastBlock = u16(b, at + 2);
      blocks++;
      fileBytes += end - at - 4 + conversation.missing;
    }
  };

  return {
    data(_side, b, at, end) {
      const code = end - at < 4 ? 0 : u16(b, at);
      if (code < 1 || code > 6) return isFirst ? notMine : end - at;
      // The server opened this flow: who asked is the other one.
      if (isFirst && given !== undefined && code >= 3) conversation.swap();
      isFirst = false;
      if (code <= 2) request(b, at, end);
      else take(b, at, end, code);
      if (blocks > 0 || code <= 2) conversation.confirm();
      return end - at;
    },
    end() {
      if (firstUs < 0) return;
      const event: AnyEvent = { ...asked, blocks, fileBytes, durationUs: Math.max(0, lastUs - firstUs) };
      if (error !== '') event.error = error;
      conversation.emit(event, { only: 'log', timeUs: firstUs, side: 0 });
    },
  };
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < 9 || b[at] !== 0 || b[at + 1] < 1 || b[at + 1] > 2) return probed.no;
  const file = findByte(b, at + 2, Math.min(end, at + nameLimit), 0);
  if (file < at + 3) return probed.no;
  for (let i = at + 2; i < file; i++) if (b[i] < 0x20) return probed.no;
  const mode = findByte(b, file + 1, end, 0);
  if (mode < 0) return probed.no;
  const word = wireText(b, file + 1, Math.min(mode, file + 12)).toLowerCase();
  if (word === 'octet' || word === 'netascii' || word === 'mail') return probed.yes;
  return hint.isPort && word !== '' ? probed.yes : probed.no;
}

export const tftp = defineProtocol({
  name: 'tftp',
  title: 'TFTP',
  family: 'files',
  ports: { udp: [port] },
  fields,
  probe: startingWith(oneOf(0), probe),
  open,
});
