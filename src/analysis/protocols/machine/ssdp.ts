// Simple Service Discovery Protocol of UPnP (UPnP Device Architecture 2.0 §1): devices searched for and announced.

import { type AnyEvent, findByte, hasAscii, maskUrl, number, text, wireText } from '../../../core/index.ts';
import { type Conversation, defineProtocol, notMine, oneOf, probed, startingWith, type Talk } from '../protocol.ts';

const port = 1900;
/** Header lines read, and characters of a value. */
const lineLimit = 48;
const valueLimit = 512;

const fields = {
  method: text('`M-SEARCH` or `NOTIFY`', { filter: 'http.request.method' }),
  status: number('Status of an answer', { filter: 'http.response.code' }),
  st: text('What is searched for or found'),
  nt: text('What is announced'),
  nts: text('Whether it comes, goes or changes'),
  usn: text('Name of the device or service'),
  location: text('Where its description is', { filter: 'http.location' }),
  server: text('What the device runs', { filter: 'http.server' }),
  userAgent: text('What searches', { filter: 'http.user_agent' }),
  mx: number('Longest time to wait before answering', { unit: 'sec' }),
  cacheControl: text('How long it holds'),
};

const headers: Readonly<Record<string, keyof typeof fields>> = {
  st: 'st',
  nt: 'nt',
  nts: 'nts',
  usn: 'usn',
  location: 'location',
  server: 'server',
  'user-agent': 'userAgent',
  mx: 'mx',
  'cache-control': 'cacheControl',
};

/** Reads the header lines from `at` on into an event. */
function readHeaders(event: AnyEvent, b: Uint8Array, at: number, end: number): void {
  for (let left = lineLimit; at < end && left > 0; left--) {
    let stop = findByte(b, at, end, 0x0a);
    const next = stop < 0 ? end : stop + 1;
    if (stop < 0) stop = end;
    if (stop > at && b[stop - 1] === 0x0d) stop--;
    if (stop === at) return;
    const colon = findByte(b, at, Math.min(stop, at + 32), 0x3a);
    if (colon > at) addHeader(event, wireText(b, at, colon).toLowerCase(), b, colon + 1, stop);
    at = next;
  }
}

function addHeader(event: AnyEvent, name: string, b: Uint8Array, at: number, stop: number): void {
  const field = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (field === undefined) return;
  while (at < stop && (b[at] === 0x20 || b[at] === 0x09)) at++;
  const value = wireText(b, at, Math.min(stop, at + valueLimit));
  if (field !== 'mx') event[field] = maskUrl(value);
  else if (/^\d{1,6}$/.test(value)) event.mx = Number(value);
}

function open(conversation: Conversation<typeof fields>): Talk {
  let isFirst = true;
  return {
    data(side, b, at, end) {
      const line = findByte(b, at, end, 0x0a);
      const event: AnyEvent = {};
      if (hasAscii(b, at, end, 'M-SEARCH ')) event.method = 'M-SEARCH';
      else if (hasAscii(b, at, end, 'NOTIFY ')) event.method = 'NOTIFY';
      else if (hasAscii(b, at, end, 'HTTP/1.') && end - at >= 12) {
        const status = Number(wireText(b, at + 9, at + 12));
        event.status = Number.isInteger(status) ? status : 0;
      } else return isFirst ? notMine : end - at;
      // A device answers the searcher's address, not the group: that flow begins with the answer.
      if (isFirst && event.status !== undefined && side === 0 && conversation.oPort === port) conversation.swap();
      const from = isFirst && event.status !== undefined && conversation.rPort === port ? 1 : side;
      isFirst = false;
      if (line >= 0) readHeaders(event, b, line + 1, end);
      conversation.confirm();
      conversation.emit(event, { side: from });
      return end - at;
    },
  };
}

export const ssdp = defineProtocol({
  name: 'ssdp',
  title: 'SSDP',
  family: 'machine',
  ports: { udp: [port] },
  fields,
  // M-SEARCH, NOTIFY or HTTP.
  probe: startingWith(oneOf(0x48, 0x4d, 0x4e), (b, at, end, hint) => {
    if (hasAscii(b, at, end, 'M-SEARCH * HTTP/1') || hasAscii(b, at, end, 'NOTIFY * HTTP/1')) return probed.yes;
    return hint.isPort && hasAscii(b, at, end, 'HTTP/1.') ? probed.yes : probed.no;
  }),
  open,
});
