// DNP3 (IEEE 1815-2012): requests, responses and unsolicited responses with their objects, over TCP and UDP.

import { flag, number, object, text, u16, u16le } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  otherSide,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { Fragments, frameBytes, isLink, linkBytes } from './dnp3-frames.ts';
import { type Dnp3Object, readObjects } from './dnp3-objects.ts';

const fields = {
  type: text('Type', { eve: 'dnp3.type' }),
  control: object('Link control', { eve: 'dnp3.control', filter: 'dnp3.ctl' }),
  source: number('Source address', { eve: 'dnp3.src', filter: 'dnp3.src' }),
  destination: number('Destination address', { eve: 'dnp3.dst', filter: 'dnp3.dst' }),
  application: object('Application', { eve: 'dnp3.application' }),
  iin: object('Internal indications', { eve: 'dnp3.iin' }),
  request: text('Request', { zeek: 'fc_request', filter: 'dnp3.al.func' }),
  reply: text('Reply', { zeek: 'fc_reply' }),
  indications: number('Internal indications', { zeek: 'iin', filter: 'dnp3.al.iin' }),
  isControl: flag('Operates or changes something'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Zeek's words for application functions. */
const functions: Readonly<Record<number, string>> = {
  0: 'CONFIRM',
  1: 'READ',
  2: 'WRITE',
  3: 'SELECT',
  4: 'OPERATE',
  5: 'DIRECT_OPERATE',
  6: 'DIRECT_OPERATE_NR',
  7: 'IMMED_FREEZE',
  8: 'IMMED_FREEZE_NR',
  9: 'FREEZE_CLEAR',
  10: 'FREEZE_CLEAR_NR',
  11: 'FREEZE_AT_TIME',
  12: 'FREEZE_AT_TIME_NR',
  13: 'COLD_RESTART',
  14: 'WARM_RESTART',
  15: 'INITIALIZE_DATA',
  16: 'INITIALIZE_APPL',
  17: 'START_APPL',
  18: 'STOP_APPL',
  19: 'SAVE_CONFIG',
  20: 'ENABLE_UNSOLICITED',
  21: 'DISABLE_UNSOLICITED',
  22: 'ASSIGN_CLASS',
  23: 'DELAY_MEASURE',
  24: 'RECORD_CURRENT_TIME',
  25: 'OPEN_FILE',
  26: 'CLOSE_FILE',
  27: 'DELETE_FILE',
  28: 'GET_FILE_INFO',
  29: 'AUTHENTICATE_FILE',
  30: 'ABORT_FILE',
  31: 'ACTIVATE_CONFIG',
  32: 'AUTHENTICATE_REQ',
  33: 'AUTHENTICATE_ERR',
  129: 'RESPONSE',
  130: 'UNSOLICITED_RESPONSE',
  131: 'AUTHENTICATE_RESP',
};

/** Functions whose objects are only named. */
const naming = new Set([1, 7, 8, 9, 10, 20, 21, 22, 23, 24]);
/** Functions that operate or change a device. */
const changing = new Set([2, 3, 4, 5, 6, 13, 14, 15, 16, 17, 18, 19, 21, 25, 27, 30, 31]);

/** Suricata's words for the bits of the indications, from the highest. */
const indicators = [
  'device_restart',
  'device_trouble',
  'local_control',
  'need_time',
  'class_3_events',
  'class_2_events',
  'class_1_events',
  'all_stations',
  'reserved_1',
  'reserved_2',
  'config_corrupt',
  'already_executing',
  'event_buffer_overflow',
  'parameter_error',
  'object_unknown',
  'no_func_code_support',
];

/** Times that the reading may begin anew after bytes that are no frame. */
const lossLimit = 64;

class Dnp3Talk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #fragments = [new Fragments(), new Fragments()] as const;
  #isOriented = false;
  #losses = 0;
  /** The last request, until a response takes it; Zeek pairs them so. */
  #request = '';
  #requestUs = 0;
  #requestSequence = -1;
  #requestCode = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let side = from;
    while (end - at >= linkBytes) {
      if (!isLink(bytes, at)) {
        if (!this.#isOriented) return notMine;
        at = this.#lost(bytes, at, end);
        continue;
      }
      const size = frameBytes(bytes[at + 2]);
      if (end - at < size) break;
      if (!this.#isOriented) side = this.#orient(from, bytes[at + 3]);
      this.#frame(side, bytes, at, at + size);
      at += size;
    }
    return at - start;
  }

  gap(): void {
    this.#losses++;
  }

  /** A request that nothing answered. */
  end(): void {
    if (this.#request === '') return;
    const event = { request: this.#request, isControl: changing.has(this.#requestCode) };
    this.#told.emit(event, { only: 'log', timeUs: this.#requestUs });
  }

  /** Position of the next start of a frame. */
  #lost(b: Uint8Array, at: number, end: number): number {
    if (++this.#losses > lossLimit) this.#told.done();
    else this.#told.weird('dnp3_corrupt_header_checksum');
    for (let i = at + 1; i + 1 < end; i++) if (b[i] === 5 && b[i + 1] === 0x64) return i;
    return end;
  }

  /** The direction bit tells who is the master; masters are clients. */
  #orient(from: Side, control: number): Side {
    this.#isOriented = true;
    this.#told.confirm();
    const { oPort, rPort } = this.#told;
    const isTurned = oPort === 20_000 && rPort !== 20_000 && ((control & 0x80) !== 0) === (from === 1);
    if (!isTurned) return from;
    this.#told.swap();
    return otherSide(from);
  }

  #frame(side: Side, b: Uint8Array, at: number, end: number): void {
    const data = b[at + 2] - 5;
    if (data === 0) return;
    const fragments = this.#fragments[side];
    const isWhole = fragments.take(b, at + linkBytes, end, data);
    if (isWhole === undefined) this.#told.weird('dnp3_corrupt_data_checksum');
    if (isWhole === true) this.#message(side, b, at, fragments.bytes, fragments.length);
  }

  #message(side: Side, link: Uint8Array, at: number, b: Uint8Array, length: number): void {
    if (length < 2) return;
    const control = b[0];
    const code = b[1];
    const isResponse = code >= 129;
    if (isResponse && length < 4) return;
    const objects: Dnp3Object[] = [];
    const isComplete = readObjects(b, isResponse ? 4 : 2, length, isResponse || !naming.has(code), objects);
    const own = link[at + 3];
    const event = {
      type: code === 130 ? 'unsolicited_response' : isResponse ? 'response' : 'request',
      control: {
        dir: (own & 0x80) !== 0,
        pri: (own & 0x40) !== 0,
        fcb: (own & 0x20) !== 0,
        fcv: (own & 0x10) !== 0,
        function_code: own & 15,
      },
      source: u16le(link, at + 6),
      destination: u16le(link, at + 4),
      application: {
        control: {
          fir: (control & 0x80) !== 0,
          fin: (control & 0x40) !== 0,
          con: (control & 0x20) !== 0,
          uns: (control & 0x10) !== 0,
          sequence: control & 15,
        },
        function_code: code,
        ...(objects.length > 0 && { objects }),
        complete: isComplete,
      },
      ...(isResponse && { iin: iinOf(u16(b, 2)) }),
    };
    // Confirmations say nothing of their own.
    if (code !== 0) this.#told.emit(event, { only: 'eve' });
    if (isResponse) this.#replied(side, event, code, control & 15, u16(b, 2));
    else this.#asked(code, control & 15);
  }

  #asked(code: number, sequence: number): void {
    this.#request = functions[code] ?? `unknown-${code}`;
    this.#requestCode = code;
    this.#requestSequence = sequence;
    this.#requestUs = this.#told.timeUs;
  }

  /** The whole of it for logs: the last request and this response. */
  #replied(side: Side, event: object, code: number, sequence: number, indications: number): void {
    const { source, destination } = event as { source: number; destination: number };
    const hasRequest = this.#request !== '';
    const isAnswer = hasRequest && code === 129 && sequence === this.#requestSequence;
    this.#told.emit(
      {
        source,
        destination,
        ...(hasRequest && { request: this.#request, isControl: changing.has(this.#requestCode) }),
        reply: functions[code] ?? `unknown-${code}`,
        indications,
        ...(isAnswer && { latencyUs: Math.max(0, this.#told.timeUs - this.#requestUs) }),
      },
      { only: 'log', side, timeUs: hasRequest ? this.#requestUs : this.#told.timeUs },
    );
    this.#request = '';
  }
}

/** EVE knows no empty list of indicators. */
function iinOf(bits: number): { indicators?: string[] } {
  const set = indicators.filter((_, i) => (bits & (0x8000 >> i)) !== 0);
  return set.length === 0 ? {} : { indicators: set };
}

/** A link header with a right checksum. */
const probe: Probe = (b, at, end) => {
  if (b[at] !== 5 || (end - at > 1 && b[at + 1] !== 0x64)) return probed.no;
  if (end - at < linkBytes) return probed.maybe;
  return isLink(b, at) ? probed.yes : probed.no;
};

export const dnp3 = defineProtocol({
  name: 'dnp3',
  title: 'DNP3',
  zeekLog: 'dnp3',
  zeekService: 'dnp3_tcp',
  family: 'industry',
  ports: { tcp: [20_000], udp: [20_000] },
  fields,
  probe: startingWith(oneOf(5), probe),
  open: (conversation) => new Dnp3Talk(conversation),
});
