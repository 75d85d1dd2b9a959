// NetBIOS name service (RFC 1002 §4.2): names claimed, asked for and given up on a local network.

import { type AnyEvent, ipv4Text, macText, number, objects, text, texts, u16 } from '../../../core/index.ts';
import { type Conversation, defineProtocol, probed, type Talk } from '../protocol.ts';
import { headerBytes, type Message, type Question, type ResourceRecord } from './message.ts';
import { nameTalk } from './name-talk.ts';
import { decodeNetbios, encodedLetters, netbiosRead, suffixName, trimmed } from './netbios-name.ts';
import { rcodeName, typeName } from './record-types.ts';
import { pairRows, type Row, rowFields } from './zeek-rows.ts';

const port = 137;
/** Addresses or names told of one answer. */
const listLimit = 64;
const nbType = 32;
const statusType = 33;

const opcodes: Readonly<Record<number, string>> = {
  0: 'query',
  5: 'registration',
  6: 'release',
  7: 'wait',
  8: 'refresh',
  9: 'refresh',
  15: 'registration of several addresses',
};

const fields = {
  type: text('`request` or `response`'),
  id: number('Number that ties answer to question'),
  operation: text('What is asked or said'),
  name: text('Name', { filter: 'nbns.name' }),
  suffix: text('What has the name'),
  scope: text('Scope behind the name'),
  recordType: text('`NB` for addresses, `NBSTAT` for a list of names'),
  rcode: text('Answer code'),
  addresses: texts('Addresses of the name', { filter: 'nbns.addr' }),
  names: objects<{ name: string; suffix: string; isGroup: boolean }>('Names of the host that was asked'),
  mac: text('Hardware address of the host that was asked'),
  ...rowFields,
};

const recordTypeName = (type: number): string =>
  type === nbType ? 'NB' : type === statusType ? 'NBSTAT' : typeName(type);

/** The first name of a message, from its bytes: that of the question or of the first record. */
function addName(event: AnyEvent, b: Uint8Array, message: Message): void {
  const at = message.base + headerBytes;
  if (at >= message.end || b[at] !== encodedLetters || !decodeNetbios(b, at + 1, message.end)) return;
  event.name = netbiosRead.name;
  event.suffix = suffixName(netbiosRead.suffix);
  const name = message.questions[0]?.name ?? message.answers[0]?.name ?? '';
  if (name.length > encodedLetters + 1) event.scope = name.slice(encodedLetters + 1);
}

function addAnswer(event: AnyEvent, b: Uint8Array, record: ResourceRecord): void {
  if (record.type === statusType) {
    addStatus(event, b, record);
    return;
  }
  const addresses: string[] = [];
  for (let at = record.at; at + 6 <= record.end && addresses.length < listLimit; at += 6) {
    addresses.push(ipv4Text(b, at + 2));
  }
  if (addresses.length > 0) event.addresses = addresses;
}

/** The list of a host's names, 18 bytes each, and its hardware address (RFC 1002 §4.2.18). */
function addStatus(event: AnyEvent, b: Uint8Array, record: ResourceRecord): void {
  if (record.at >= record.end) return;
  const names: AnyEvent[] = [];
  let at = record.at + 1;
  for (let i = 0; i < b[record.at] && at + 18 <= record.end; i++, at += 18) {
    if (names.length >= listLimit) continue;
    names.push({ name: trimmed(b, at, at + 15), suffix: suffixName(b[at + 15]), isGroup: b[at + 16] >= 0x80 });
  }
  event.names = names;
  if (at + 6 <= record.end) event.mac = macText(b, at);
}

function eveEvent(b: Uint8Array, message: Message): AnyEvent {
  const event: AnyEvent = {
    type: message.isResponse ? 'response' : 'request',
    id: message.id,
    operation: opcodes[message.opcode] ?? String(message.opcode),
  };
  addName(event, b, message);
  const record = message.answers[0] ?? message.additionals[0];
  const type = message.questions[0]?.type ?? record?.type;
  if (type !== undefined) event.recordType = recordTypeName(type);
  if (message.isResponse) event.rcode = rcodeName(message.rcode);
  if (record !== undefined) addAnswer(event, b, record);
  return event;
}

/** The decoded name of a question and its type, as Zeek writes them. */
function rowQuery(question: Question, row: Row): string {
  if (question.type === nbType || question.type === statusType) row.qtypeName = recordTypeName(question.type);
  const letters = new Uint8Array(encodedLetters);
  for (let i = 0; i < encodedLetters; i++) letters[i] = question.name.charCodeAt(i) & 255;
  return question.name.length >= encodedLetters && decodeNetbios(letters, 0, encodedLetters)
    ? netbiosRead.name
    : question.name;
}

function zeekOpcode(opcode: number): string {
  const name = ({ 0: 'query', 5: 'registration', 6: 'release', 7: 'wack', 8: 'refresh' } as const)[opcode];
  return name === undefined ? `netbios-opcode-${opcode}` : `netbios-${name}`;
}

function open(conversation: Conversation<typeof fields>): Talk {
  const rows = pairRows(conversation, { query: rowQuery, opcode: zeekOpcode });
  return nameTalk(conversation, {
    port,
    canSwap: false,
    hear(b, message, side) {
      const latencyUs = rows.take(b, message);
      const event = eveEvent(b, message);
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

export const nbns = defineProtocol({
  name: 'nbns',
  title: 'NetBIOS name service',
  family: 'names',
  ports: { udp: [port] },
  zeekLog: 'dns',
  zeekService: 'dns',
  perMessage: [
    'type',
    'id',
    'operation',
    'name',
    'suffix',
    'scope',
    'recordType',
    'rcode',
    'addresses',
    'names',
    'mac',
  ],
  fields,
  probe: (b, at, end, hint) => {
    const name = at + headerBytes;
    if (end - name < 34 || b[name] !== encodedLetters || b[at + 4] !== 0 || u16(b, at + 4) + u16(b, at + 6) === 0) {
      return probed.no;
    }
    return hint.isPort || decodeNetbios(b, name + 1, end) ? probed.yes : probed.no;
  },
  open,
});
