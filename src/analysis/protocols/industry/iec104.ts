// IEC 60870-5-104 (telecontrol over TCP; ASDUs of IEC 60870-5-101): control frames and the information they carry.
//
//   +----+--------+-----------+-- I frames: ---+-----------+-------+----------------+-----------------+-- … --+
//   | 68 | length | control 4 | type | SQ, num | cause, T, PN, originator | common address | object address 3, value
//   +----+--------+-----------+------+---------+-----------+-------+----------------+-----------------+-- … --+

import { flag, number, numbers, text, u16le, u24le, u32le } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const fields = {
  frame: text('Frame', { filter: 'iec60870_104.type' }),
  type: text('Type', { filter: 'iec60870_asdu.typeid' }),
  cause: text('Cause of transmission', { filter: 'iec60870_asdu.causetx' }),
  isNegative: flag('Negative confirmation', { filter: 'iec60870_asdu.nega' }),
  isTest: flag('Test', { filter: 'iec60870_asdu.test' }),
  originator: number('Originator', { filter: 'iec60870_asdu.oa' }),
  commonAddress: number('Common address', { filter: 'iec60870_asdu.addr' }),
  objectCount: number('Information objects', { filter: 'iec60870_asdu.numix' }),
  objects: numbers('Object addresses', { filter: 'iec60870_asdu.ioa' }),
  values: numbers('Values'),
  isControl: flag('Commands the station'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Objects of a message that are told. */
const objectLimit = 64;
/** Commands waiting for their confirmation. */
const pendingLimit = 64;
const lossLimit = 16;

/** Type: [name, bytes of an object's value, kind of value]. */
const asduTypes: Readonly<Record<number, readonly [string, number, string]>> = {
  1: ['M_SP_NA_1', 1, 'bit'],
  2: ['M_SP_TA_1', 4, 'bit'],
  3: ['M_DP_NA_1', 1, 'bits2'],
  4: ['M_DP_TA_1', 4, 'bits2'],
  5: ['M_ST_NA_1', 2, 'step'],
  7: ['M_BO_NA_1', 5, 'u32'],
  9: ['M_ME_NA_1', 3, 'i16'],
  11: ['M_ME_NB_1', 3, 'i16'],
  13: ['M_ME_NC_1', 5, 'f32'],
  15: ['M_IT_NA_1', 5, 'i32'],
  20: ['M_PS_NA_1', 5, 'u32'],
  21: ['M_ME_ND_1', 2, 'i16'],
  30: ['M_SP_TB_1', 8, 'bit'],
  31: ['M_DP_TB_1', 8, 'bits2'],
  32: ['M_ST_TB_1', 9, 'step'],
  33: ['M_BO_TB_1', 12, 'u32'],
  34: ['M_ME_TD_1', 10, 'i16'],
  35: ['M_ME_TE_1', 10, 'i16'],
  36: ['M_ME_TF_1', 12, 'f32'],
  37: ['M_IT_TB_1', 12, 'i32'],
  38: ['M_EP_TD_1', 10, ''],
  39: ['M_EP_TE_1', 11, ''],
  40: ['M_EP_TF_1', 11, ''],
  45: ['C_SC_NA_1', 1, 'bit'],
  46: ['C_DC_NA_1', 1, 'bits2'],
  47: ['C_RC_NA_1', 1, 'bits2'],
  48: ['C_SE_NA_1', 3, 'i16'],
  49: ['C_SE_NB_1', 3, 'i16'],
  50: ['C_SE_NC_1', 5, 'f32'],
  51: ['C_BO_NA_1', 4, 'u32'],
  58: ['C_SC_TA_1', 8, 'bit'],
  59: ['C_DC_TA_1', 8, 'bits2'],
  60: ['C_RC_TA_1', 8, 'bits2'],
  61: ['C_SE_TA_1', 10, 'i16'],
  62: ['C_SE_TB_1', 10, 'i16'],
  63: ['C_SE_TC_1', 12, 'f32'],
  64: ['C_BO_TA_1', 11, 'u32'],
  70: ['M_EI_NA_1', 1, ''],
  100: ['C_IC_NA_1', 1, 'u8'],
  101: ['C_CI_NA_1', 1, 'u8'],
  102: ['C_RD_NA_1', 0, ''],
  103: ['C_CS_NA_1', 7, ''],
  104: ['C_TS_NA_1', 2, ''],
  105: ['C_RP_NA_1', 1, 'u8'],
  106: ['C_CD_NA_1', 2, ''],
  107: ['C_TS_TA_1', 9, ''],
  110: ['P_ME_NA_1', 3, 'i16'],
  111: ['P_ME_NB_1', 3, 'i16'],
  112: ['P_ME_NC_1', 5, 'f32'],
  113: ['P_AC_NA_1', 1, 'u8'],
  120: ['F_FR_NA_1', 6, ''],
  121: ['F_SR_NA_1', 7, ''],
  122: ['F_SC_NA_1', 4, ''],
  123: ['F_LS_NA_1', 5, ''],
  124: ['F_AF_NA_1', 4, ''],
  125: ['F_SG_NA_1', 0, ''],
  126: ['F_DR_TA_1', 13, ''],
  127: ['F_SC_NB_1', 16, ''],
};

const causes: Readonly<Record<number, string>> = {
  1: 'periodic',
  2: 'background',
  3: 'spontaneous',
  4: 'initialized',
  5: 'request',
  6: 'activation',
  7: 'activation_confirmation',
  8: 'deactivation',
  9: 'deactivation_confirmation',
  10: 'activation_termination',
  11: 'return_remote',
  12: 'return_local',
  13: 'file_transfer',
  20: 'interrogated_station',
  44: 'unknown_type',
  45: 'unknown_cause',
  46: 'unknown_common_address',
  47: 'unknown_object_address',
};

const controls: Readonly<Record<number, string>> = {
  7: 'STARTDT_ACT',
  11: 'STARTDT_CON',
  19: 'STOPDT_ACT',
  35: 'STOPDT_CON',
  67: 'TESTFR_ACT',
  131: 'TESTFR_CON',
};

interface Pending {
  readonly key: string;
  readonly startUs: number;
}

class Iec104Talk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Pending[] = [];
  #isCertain = false;
  #losses = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
    if (conversation.oPort === 2404 && conversation.rPort !== 2404) conversation.swap();
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (end - at >= 6) {
      if (!isFrame(bytes, at)) {
        if (!this.#isCertain) return notMine;
        this.#told.weird('iec104_wrong_start');
        if (++this.#losses > lossLimit) this.#told.done();
        return end - start;
      }
      const size = 2 + bytes[at + 1];
      if (end - at < size) break;
      this.#frame(from, bytes, at, at + size);
      at += size;
    }
    return at - start;
  }

  gap(): void {
    this.#losses++;
  }

  #frame(side: Side, b: Uint8Array, at: number, end: number): void {
    const control = b[at + 2];
    if ((control & 3) === 3) {
      const name = controls[control] ?? `unknown-${control}`;
      if (controls[control] !== undefined) this.#told.confirm();
      this.#isCertain = true;
      this.#told.emit({ frame: name, ...this.#waited(name) }, { side });
    } else if ((control & 1) === 0) this.#asdu(side, b, at + 6, end);
  }

  #waited(name: string): { latencyUs?: number } {
    if (name.endsWith('_ACT')) {
      this.#remember(name);
      return {};
    }
    return this.#answered(name.replace('_CON', '_ACT'));
  }

  #remember(key: string): void {
    if (this.#pending.length >= pendingLimit) this.#pending.shift();
    this.#pending.push({ key, startUs: this.#told.timeUs });
  }

  #answered(key: string): { latencyUs?: number } {
    const index = this.#pending.findIndex((one) => one.key === key);
    if (index < 0) return {};
    const { startUs } = this.#pending.splice(index, 1)[0];
    return { latencyUs: Math.max(0, this.#told.timeUs - startUs) };
  }

  #asdu(side: Side, b: Uint8Array, o: number, end: number): void {
    if (end - o < 6) return;
    const type = b[o];
    const known = asduTypes[type];
    const isSequence = (b[o + 1] & 0x80) !== 0;
    const count = b[o + 1] & 0x7f;
    const cause = b[o + 2] & 63;
    this.#isCertain = true;
    this.#told.confirm();
    const objects: number[] = [];
    const values: number[] = [];
    readInformation(b, o + 6, end, count, isSequence, known, objects, values);
    const isControl = type >= 45 && type <= 64;
    const isCommand = isControl || (type >= 100 && type <= 113);
    const key = `${type} ${u16le(b, o + 4)} ${objects[0] ?? 0}`;
    let waited = {};
    if (isCommand && cause === 6) this.#remember(key);
    else if (isCommand && (cause === 7 || cause >= 44)) waited = this.#answered(key);
    this.#told.emit(
      {
        frame: 'I',
        type: known?.[0] ?? `unknown-${type}`,
        cause: causes[cause] ?? (cause > 20 && cause < 37 ? `interrogated_group_${cause - 20}` : `unknown-${cause}`),
        isNegative: (b[o + 2] & 0x40) !== 0,
        isTest: (b[o + 2] & 0x80) !== 0,
        originator: b[o + 3],
        commonAddress: u16le(b, o + 4),
        objectCount: count,
        ...(objects.length > 0 && { objects }),
        ...(values.length > 0 && { values }),
        isControl,
        ...waited,
      },
      { side },
    );
  }
}

/** Addresses and values; a sequence has one address, and values in a row. */
function readInformation(
  b: Uint8Array,
  o: number,
  end: number,
  count: number,
  isSequence: boolean,
  known: readonly [string, number, string] | undefined,
  objects: number[],
  values: number[],
): void {
  const size = known?.[1] ?? 0;
  let at = o;
  for (let i = 0; i < count && i < objectLimit; i++) {
    if (!isSequence || i === 0) {
      if (at + 3 > end) return;
      objects.push(u24le(b, at));
      at += 3;
    } else objects.push(objects[0] + i);
    if (known === undefined || at + size > end) return;
    if (known[2] !== '') values.push(valueAt(b, at, known[2]));
    at += size;
  }
}

const view = new DataView(new ArrayBuffer(4));

function valueAt(b: Uint8Array, o: number, kind: string): number {
  switch (kind) {
    case 'bit':
      return b[o] & 1;
    case 'bits2':
      return b[o] & 3;
    case 'step':
      return ((b[o] & 0x7f) << 25) >> 25;
    case 'u8':
      return b[o];
    case 'i16':
      return (u16le(b, o) << 16) >> 16;
    case 'i32':
      return u32le(b, o) | 0;
    case 'u32':
      return u32le(b, o);
    default: {
      view.setUint32(0, u32le(b, o));
      const value = view.getFloat32(0);
      return Number.isFinite(value) ? value : 0;
    }
  }
}

/** Start byte, a length of 4 to 253, and a control field whose reserved bits are zero. */
function isFrame(b: Uint8Array, o: number): boolean {
  const length = b[o + 1];
  if (b[o] !== 0x68 || length < 4 || length > 253) return false;
  const control = b[o + 2];
  if ((control & 1) === 0) return length >= 10 && (b[o + 4] & 1) === 0;
  if ((control & 3) === 1) return length === 4 && control === 1 && b[o + 3] === 0 && (b[o + 4] & 1) === 0;
  return length === 4 && (b[o + 3] | b[o + 4] | b[o + 5]) === 0 && controls[control] !== undefined;
}

/** A frame that ends with the payload or is followed by another; elsewhere than on the port only known ASDUs. */
const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 0x68) return probed.no;
  if (end - at < 6) return end - at < 2 || (b[at + 1] >= 4 && b[at + 1] < 0x61) ? probed.maybe : probed.no;
  if (!isFrame(b, at)) return probed.no;
  if (hint.isPort) return probed.yes;
  const next = at + 2 + b[at + 1];
  const fits = next === end || (next < end && b[next] === 0x68);
  if (!fits) return probed.no;
  if ((b[at + 2] & 3) === 3) return probed.yes;
  return (b[at + 2] & 1) === 0 && asduTypes[b[at + 6]] !== undefined && causes[b[at + 8] & 63] !== undefined
    ? probed.yes
    : probed.no;
};

export const iec104 = defineProtocol({
  name: 'iec104',
  title: 'IEC 60870-5-104',
  family: 'industry',
  ports: { tcp: [2404] },
  fields,
  probe: startingWith(oneOf(0x68), probe),
  open: (conversation) => new Iec104Talk(conversation),
});
