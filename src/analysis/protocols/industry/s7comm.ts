// S7 communication of Siemens SIMATIC S7-300/400 over ISO transport: jobs with their answers, user data. Undisclosed by its
// maker; the layout is that which Wireshark's dissector and the Snap7 documentation describe. MMS in the same transport is
// named only.

import { type AnyEvent, flag, masked, number, text, texts, u16, u24, wireText } from '../../../core/index.ts';
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
import { cotp, isTpkt, readTsaps, tpktBytes } from './tpkt.ts';

const fields = {
  function: text('Function', { filter: 's7comm.param.func' }),
  subfunction: text('Function of user data'),
  items: texts('Items'),
  itemCount: number('Number of items', { filter: 's7comm.param.itemcount' }),
  block: text('Block or file'),
  success: flag('Success'),
  errorClass: number('Error class', { filter: 's7comm.header.errcls' }),
  errorCode: number('Error code', { filter: 's7comm.header.errcod' }),
  isControl: flag('Changes or stops the controller'),
  pduReference: number('Reference', { filter: 's7comm.header.pduref' }),
  rack: number('Rack'),
  slot: number('Slot'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Jobs waiting for an answer, and items of a job that are told. */
const pendingLimit = 64;
const itemLimit = 20;
/** Bytes of a message that are waited for; the rest is skipped. */
const keptBytes = 4096;

const functions: Readonly<Record<number, string>> = {
  0: 'cpu_services',
  4: 'read_var',
  5: 'write_var',
  26: 'request_download',
  27: 'download_block',
  28: 'download_ended',
  29: 'start_upload',
  30: 'upload',
  31: 'end_upload',
  40: 'plc_control',
  41: 'plc_stop',
  240: 'setup_communication',
};
const changing = new Set([5, 0x1a, 0x1b, 0x1c, 0x28, 0x29]);

const groups = ['mode_transition', 'programmer', 'cyclic_data', 'block', 'cpu', 'security', 'pbc', 'time'];
const subfunctions: Readonly<Record<string, string>> = {
  '3.1': 'list_blocks',
  '3.2': 'list_blocks_of_type',
  '3.3': 'get_block_info',
  '4.1': 'read_szl',
  '4.2': 'message_service',
  '4.3': 'diagnostic_message',
  '5.1': 'plc_password',
  '7.1': 'read_clock',
  '7.2': 'set_clock',
  '7.3': 'read_clock_following',
  '7.4': 'set_clock',
};

const areas: Readonly<Record<number, string>> = {
  3: 'SysInfo',
  5: 'SysFlags',
  6: 'AI',
  7: 'AO',
  28: 'C',
  29: 'T',
  128: 'P',
  129: 'I',
  130: 'Q',
  131: 'M',
  132: 'DB',
  133: 'DI',
  134: 'L',
};
const sizes: Readonly<Record<number, string>> = {
  1: 'BIT',
  2: 'BYTE',
  3: 'CHAR',
  4: 'WORD',
  5: 'INT',
  6: 'DWORD',
  7: 'DINT',
  8: 'REAL',
  28: 'COUNTER',
  29: 'TIMER',
};

const rosctr = { job: 1, ack: 2, ackData: 3, userData: 7 } as const;

interface Job {
  readonly reference: number;
  readonly startUs: number;
  readonly known: AnyEvent;
}

class S7Talk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: [Job[], Job[]] = [[], []];
  #isCertain = false;
  #rack = -1;
  #slot = -1;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(side: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (end - at >= tpktBytes + 2) {
      if (!isTpkt(bytes, at)) {
        if (!this.#isCertain) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      const length = u16(bytes, at + 2);
      if (end - at < Math.min(length, keptBytes)) break;
      if (!this.#unit(side, bytes, at + tpktBytes, Math.min(end, at + length))) {
        if (!this.#isCertain) return notMine;
        break;
      }
      at += length;
    }
    return at - start;
  }

  /** Lost messages leave the others whole when they begin with a segment. */
  gap(): void {
    this.end();
  }

  end(): void {
    for (const side of [0, 1] as const) {
      for (const job of this.#pending[side]) this.#emit(side, job, {});
      this.#pending[side].length = 0;
    }
  }

  /** A transport unit; false when it carries nothing that is known. */
  #unit(side: Side, b: Uint8Array, o: number, end: number): boolean {
    const type = b[o + 1] & 0xf0;
    const body = o + 1 + b[o];
    if (type === cotp.connect || type === cotp.confirm) {
      const { called } = readTsaps(b, o, Math.min(end, body));
      if (type === cotp.connect && called >= 0) {
        this.#rack = (called & 0xff) >> 5;
        this.#slot = called & 31;
      }
      return true;
    }
    if (type !== cotp.data || body >= end) return type === cotp.disconnect || type === cotp.data;
    if (b[body] === 0x32) return this.#message(side, b, body, end);
    if (b[body] === 0x72) this.#name('s7comm-plus');
    else if (b[body] === 1 && b[body + 1] === 0) this.#name('mms');
    // A session begins (ISO 8327): what it is for is named inside.
    else if (b[body] === 0x0d || b[body] === 0x0e) this.#name(isMms(b, body, end) ? 'mms' : 'iso-session');
    else return false;
    return true;
  }

  #name(name: string): void {
    this.#isCertain = true;
    this.#told.rename(name);
    this.#told.confirm();
    this.#told.done();
  }

  /** `32`, kind, two reserved bytes, reference, lengths of parameters and data; answers have an error. */
  #message(side: Side, b: Uint8Array, o: number, end: number): boolean {
    if (end - o < 10) return true;
    const kind = b[o + 1];
    const reference = u16(b, o + 4);
    const hasError = kind === rosctr.ack || kind === rosctr.ackData;
    const at = o + (hasError ? 12 : 10);
    const parametersEnd = Math.min(end, at + u16(b, o + 6));
    this.#isCertain = true;
    this.#told.confirm();
    if (kind === rosctr.job) {
      const known = { pduReference: reference, ...jobOf(b, at, parametersEnd) };
      this.#ask(side, { reference, startUs: this.#told.timeUs, known });
    } else if (hasError && end - o >= 12) {
      const error = { errorClass: b[o + 10], errorCode: b[o + 11] };
      const isRefused = b[o + 10] !== 0;
      this.#answer(side, reference, { success: !isRefused, ...(isRefused && error) }, () =>
        jobOf(b, at, parametersEnd),
      );
    } else if (kind === rosctr.userData) this.#userData(side, reference, b, at, parametersEnd);
    return true;
  }

  #userData(side: Side, reference: number, b: Uint8Array, o: number, end: number): void {
    if (end - o < 8) return;
    const type = b[o + 5] >> 4;
    const group = b[o + 5] & 15;
    const subfunction = b[o + 6];
    const known = {
      pduReference: reference,
      function: groups[group] ?? `user_data_${group}`,
      subfunction: subfunctions[`${group}.${subfunction}`] ?? `unknown-${subfunction}`,
      isControl: group === 7 && (subfunction === 2 || subfunction === 4),
      ...(group === 5 && { items: [`password ${masked}`] }),
    };
    if (type === 4) this.#ask(side, { reference, startUs: this.#told.timeUs, known });
    else {
      const code = end - o >= 12 ? u16(b, o + 10) : 0;
      this.#answer(side, reference, { success: code === 0, ...(code !== 0 && { errorCode: code }) }, () => known);
    }
  }

  #ask(side: Side, job: Job): void {
    const pending = this.#pending[side];
    if (pending.length >= pendingLimit) this.#emit(side, pending.shift()!, {});
    pending.push(job);
  }

  /** @param unknown what the answer itself tells, when its job was not seen */
  #answer(side: Side, reference: number, result: AnyEvent, unknown: () => AnyEvent): void {
    const asker = otherSide(side);
    const pending = this.#pending[asker];
    const index = pending.findIndex((job) => job.reference === reference);
    if (index < 0) {
      this.#tell(asker, { pduReference: reference, ...unknown(), ...result }, this.#told.timeUs);
      return;
    }
    const job = pending.splice(index, 1)[0];
    this.#emit(asker, job, { ...result, latencyUs: Math.max(0, this.#told.timeUs - job.startUs) });
  }

  #emit(side: Side, job: Job, result: AnyEvent): void {
    this.#tell(side, { ...job.known, ...result }, job.startUs);
  }

  #tell(side: Side, event: AnyEvent, timeUs: number): void {
    const place = this.#slot < 0 ? {} : { rack: this.#rack, slot: this.#slot };
    this.#told.emit({ ...event, ...place }, { side, timeUs });
  }
}

/** Whether the object identifier of MMS (1.0.9506.2) is among the syntaxes that a session asks for. */
function isMms(b: Uint8Array, o: number, end: number): boolean {
  for (let i = o; i + 3 < end; i++)
    if (b[i] === 0x28 && b[i + 1] === 0xca && b[i + 2] === 0x22 && b[i + 3] === 2) return true;
  return false;
}

/** What the parameters of a job or of its answer tell. */
function jobOf(b: Uint8Array, o: number, end: number): AnyEvent {
  if (o >= end) return { function: 'acknowledge' };
  const code = b[o];
  const known: AnyEvent = { function: functions[code] ?? `unknown-${code}`, isControl: changing.has(code) };
  if (code === 4 || code === 5) {
    known.itemCount = o + 1 < end ? b[o + 1] : 0;
    const items = itemsOf(b, o + 2, end, Number(known.itemCount));
    if (items.length > 0) known.items = items;
  } else if ((code >= 0x1a && code <= 0x1d) || code === 0x28 || code === 0x29) {
    const name = printable(b, o + 1, end);
    if (name !== '') known.block = name;
  }
  return known;
}

/** Addresses of variables: `DB1.DBX 10.0 BYTE 4`. */
function itemsOf(b: Uint8Array, o: number, end: number, count: number): string[] {
  const items: string[] = [];
  let at = o;
  for (let i = 0; i < count && items.length < itemLimit && at + 2 <= end; i++) {
    const length = b[at + 1];
    // Items of type `any` (10) name an area, an address in bits, a size and a count.
    if (b[at] === 0x12 && length === 10 && b[at + 2] === 0x10 && at + 12 <= end) {
      const bit = u24(b, at + 9);
      const area = b[at + 8];
      const number = u16(b, at + 6);
      const place = area === 0x84 || area === 0x85 ? `${areas[area]}${number}.DBX` : (areas[area] ?? `area${area}`);
      items.push(`${place} ${bit >> 3}.${bit & 7} ${sizes[b[at + 3]] ?? `type${b[at + 3]}`} ${u16(b, at + 4)}`);
    } else if (b[at] !== 0x12) break;
    at += 2 + length;
    at += length & 1;
  }
  return items;
}

/** The longest printable run: a block's name (`_0800001P`) or a service's (`P_PROGRAM`). */
function printable(b: Uint8Array, o: number, end: number): string {
  let best = '';
  let from = o;
  for (let i = o; i <= end; i++) {
    if (i < end && b[i] >= 0x20 && b[i] < 0x7f) continue;
    if (i - from > best.length && i - from >= 2) best = wireText(b, from, Math.min(i, from + 64));
    from = i + 1;
  }
  return best;
}

/** S7's own header in a transport unit anywhere; connects of the kind that S7 and MMS send, on the port. */
const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 3) return probed.no;
  if (end - at < tpktBytes + 3) return b[at + 1] === 0 || end - at < 2 ? probed.maybe : probed.no;
  if (!isTpkt(b, at)) return probed.no;
  const type = b[at + 5] & 0xf0;
  if (type === cotp.data) {
    const body = at + 5 + b[at + 4];
    if (body + 2 > end) return probed.maybe;
    return (b[body] === 0x32 && b[body + 1] >= 1 && b[body + 1] <= 7) || b[body] === 0x72 ? probed.yes : probed.no;
  }
  if (type !== cotp.connect && type !== cotp.confirm) return probed.no;
  if (at + 5 + b[at + 4] > end) return probed.maybe;
  const { calling, called } = readTsaps(b, at + 4, at + 5 + b[at + 4]);
  if (hint.isPort) return probed.yes;
  // TSAPs of S7: a kind of connection (1 to 3), rack and slot.
  return called >> 8 >= 1 && called >> 8 <= 3 && calling >> 8 >= 1 && calling >> 8 <= 3 ? probed.yes : probed.no;
};

export const s7comm = defineProtocol({
  name: 's7comm',
  title: 'S7 communication',
  family: 'industry',
  ports: { tcp: [102] },
  variants: ['s7comm-plus', 'mms', 'iso-session'],
  fields,
  probe: startingWith(oneOf(3), probe),
  open: (conversation) => new S7Talk(conversation),
});
