// ISO transport over TCP (RFC 1006, TPKT; ISO 8073, COTP class 0): what S7comm and MMS are carried in.
//
//   +---+---+--------+--------+--------+------+-- … --+
//   | 3 | 0 | length with itself | COTP length, type, …  | data
//   +---+---+--------+--------+--------+------+-- … --+

import { u16 } from '../../../core/index.ts';

export const tpktBytes = 4;

export const cotp = { connect: 0xe0, confirm: 0xd0, disconnect: 0x80, data: 0xf0 } as const;

/** Whether a TPKT header stands at `o` whose COTP header fits into it; six bytes are there. */
export function isTpkt(b: Uint8Array, o: number): boolean {
  const length = u16(b, o + 2);
  return b[o] === 3 && b[o + 1] === 0 && length >= 7 && b[o + 4] >= 2 && b[o + 4] + 5 <= length;
}

/** TSAPs of a connect request or confirm: two bytes each; -1 when there is none of that size. */
export function readTsaps(b: Uint8Array, o: number, end: number): { calling: number; called: number } {
  let calling = -1;
  let called = -1;
  // After length, type, destination, source and class.
  for (let at = o + 7; at + 2 <= end && at + 2 + b[at + 1] <= end; at += 2 + b[at + 1]) {
    if (b[at + 1] !== 2) continue;
    if (b[at] === 0xc1) calling = u16(b, at + 2);
    else if (b[at] === 0xc2) called = u16(b, at + 2);
  }
  return { calling, called };
}
