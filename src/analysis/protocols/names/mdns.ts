// Multicast DNS (RFC 6762) and the services announced with it (RFC 6763).

import { type AnyEvent, number, objects, text, texts } from '../../../core/index.ts';
import { type Conversation, defineProtocol, onPort, probed, type Talk } from '../protocol.ts';
import { eveQueries, eveRecords, mdnsRecords } from './eve-records.ts';
import { flagBits, headerBytes, type Message } from './message.ts';
import { nameTalk } from './name-talk.ts';
import { pairRows, rowFields } from './zeek-rows.ts';

const port = 5353;

const fields = {
  type: text('`request` or `response`', { eve: 'mdns.type' }),
  id: number('Number of the message, nearly always 0', { eve: 'mdns.id' }),
  flags: texts('Flags that are set', { eve: 'mdns.flags' }),
  opcode: number('Kind of question', { eve: 'mdns.opcode' }),
  rcode: number('Answer code', { eve: 'mdns.rcode' }),
  queries: objects('What was asked', { eve: 'mdns.queries' }),
  answers: objects('Records that answer or announce', { eve: 'mdns.answers' }),
  authorities: objects('Records that the sender would like to own', { eve: 'mdns.authorities' }),
  additionals: objects('Records that go with it', { eve: 'mdns.additionals' }),
  records: objects('All records with type, lifetime and data'),
  ...rowFields,
};

const flagWords = ['aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'] as const;

function eveEvent(b: Uint8Array, message: Message): AnyEvent {
  const event: AnyEvent = { type: message.isResponse ? 'response' : 'request', id: message.id };
  const flags = flagWords.filter((word) => (message.flags & flagBits[word]) !== 0);
  if (flags.length > 0) event.flags = flags;
  event.opcode = message.opcode;
  event.rcode = message.rcode;
  if (message.questions.length > 0) event.queries = eveQueries(message.questions, true);
  const all: AnyEvent[] = [];
  for (const section of ['answers', 'authorities', 'additionals'] as const) {
    if (message[section].length === 0) continue;
    const records = mdnsRecords(b, message, section);
    if (records.length > 0) event[section] = records;
    all.push(...eveRecords(b, message, section));
  }
  if (all.length > 0) event.records = all;
  return event;
}

function open(conversation: Conversation<typeof fields>): Talk {
  const rows = pairRows(conversation);
  return nameTalk(conversation, {
    port,
    // Everybody speaks to the group: who was first is no client.
    canSwap: false,
    hear(b, message, side) {
      rows.take(b, message);
      conversation.emit(eveEvent(b, message), { only: 'eve', side });
    },
    fits: () => false,
    end: rows.end,
  });
}

export const mdns = defineProtocol({
  name: 'mdns',
  title: 'Multicast DNS',
  family: 'names',
  ports: { udp: [port] },
  zeekLog: 'dns',
  zeekService: 'dns',
  perMessage: ['type', 'id', 'flags', 'opcode', 'rcode', 'queries', 'answers', 'authorities', 'additionals', 'records'],
  fields,
  probe: onPort((b, at, end) => {
    if (end - at < headerBytes) return probed.no;
    // Opcode and answer code are to be zero (RFC 6762 §18).
    return (b[at + 2] & 0x78) === 0 && b[at + 4] === 0 && b[at + 6] === 0 && b[at + 8] === 0 ? probed.yes : probed.no;
  }),
  open,
});
