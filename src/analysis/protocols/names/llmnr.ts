// Link-Local Multicast Name Resolution (RFC 4795).

import { type AnyEvent, number, object, objects, text, texts } from '../../../core/index.ts';
import { type Conversation, defineProtocol, onPort, probed, type Talk } from '../protocol.ts';
import { eveQueries, eveRecords, grouped, keyedRecords } from './eve-records.ts';
import { headerBytes, type Message } from './message.ts';
import { nameTalk } from './name-talk.ts';
import { pairRows, rowFields } from './zeek-rows.ts';

const port = 5355;

const fields = {
  type: text('`request` or `response`', { eve: 'llmnr.type' }),
  txId: number('Number of the message within its flow', { eve: 'llmnr.tx_id' }),
  id: number('Number that ties answer to question', { eve: 'llmnr.id' }),
  flags: texts('Flags that are set: conflict, truncated, tentative', { eve: 'llmnr.flags' }),
  opcode: number('Kind of question', { eve: 'llmnr.opcode' }),
  queries: objects('What was asked', { eve: 'llmnr.queries' }),
  answers: objects('Records that answer', { eve: 'llmnr.answers' }),
  grouped: object('Data of the answers by type', { eve: 'llmnr.grouped' }),
  authorities: objects('Records that name the authority', { eve: 'llmnr.authorities' }),
  additionals: objects('Records that go with it', { eve: 'llmnr.additionals' }),
  ...rowFields,
};

function eveEvent(b: Uint8Array, message: Message, txId: number): AnyEvent {
  const event: AnyEvent = { type: message.isResponse ? 'response' : 'request', txId, id: message.id };
  // The bits of AA, TC and RD mean something else here (RFC 4795 §2.1.1).
  const flags: string[] = [];
  if ((message.flags & 0x0400) !== 0) flags.push('c');
  if ((message.flags & 0x0200) !== 0) flags.push('tc');
  if ((message.flags & 0x0100) !== 0) flags.push('t');
  if (flags.length > 0) event.flags = flags;
  event.opcode = message.opcode;
  if (message.questions.length > 0) event.queries = eveQueries(message.questions, true);
  for (const section of ['answers', 'authorities', 'additionals'] as const) {
    if (message[section].length === 0) continue;
    const records = keyedRecords(b, message, section);
    if (records.length > 0) event[section] = records;
  }
  if (message.answers.length > 0) event.grouped = grouped(eveRecords(b, message, 'answers'), 'SRV SSHFP');
  return event;
}

function open(conversation: Conversation<typeof fields>): Talk {
  const rows = pairRows(conversation);
  let messages = 0;
  return nameTalk(conversation, {
    port,
    canSwap: true,
    hear(b, message, side) {
      const latencyUs = rows.take(b, message);
      const event = eveEvent(b, message, messages++);
      if (latencyUs >= 0) {
        event.latencyUs = latencyUs;
        conversation.confirm();
      }
      conversation.emit(event, { only: 'eve', side });
    },
    fits: () => false,
    end: rows.end,
  });
}

export const llmnr = defineProtocol({
  name: 'llmnr',
  title: 'LLMNR',
  family: 'names',
  ports: { udp: [port], tcp: [port] },
  zeekLog: 'dns',
  zeekService: 'dns',
  perMessage: ['type', 'txId', 'id', 'flags', 'opcode', 'queries', 'answers', 'grouped', 'authorities', 'additionals'],
  fields,
  probe: onPort((b, at, end, hint) => {
    const skip = hint.proto === 6 ? 2 : 0;
    if (end - at < headerBytes + skip) return skip === 0 ? probed.no : probed.maybe;
    const o = at + skip;
    return (b[o + 2] & 0x78) === 0 && b[o + 4] === 0 && b[o + 5] <= 1 && b[o + 6] === 0 ? probed.yes : probed.no;
  }),
  open,
});
