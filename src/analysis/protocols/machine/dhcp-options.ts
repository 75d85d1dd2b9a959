// Options of DHCP (RFC 2132): where they stand, also in the fields that were lent to them (RFC 3396, option 52).
//
//   0     4      8    10     12       16       20       24       28        44       108      236    240
//   +-----+------+----+------+--------+--------+--------+--------+---------+--------+--------+------+---------
//   |op … | xid  |secs|flags | ciaddr | yiaddr | siaddr | giaddr | chaddr  | sname  | file   |cookie| options
//   +-----+------+----+------+--------+--------+--------+--------+---------+--------+--------+------+---------

export const snameAt = 44;
export const fileAt = 108;
export const cookieAt = 236;
export const optionsAt = 240;

/** Options looked at in one message. */
const optionLimit = 256;

/** Calls `each` with the code and the place of the data of every option. */
export function eachOption(
  b: Uint8Array,
  base: number,
  end: number,
  each: (code: number, at: number, stop: number) => void,
): void {
  let lent = 0;
  const take = (code: number, at: number, stop: number): void => {
    if (code === 52 && stop > at) lent = b[at];
    each(code, at, stop);
  };
  walk(b, base + optionsAt, end, take);
  if ((lent & 1) !== 0) walk(b, base + fileAt, base + cookieAt, take);
  if ((lent & 2) !== 0) walk(b, base + snameAt, base + fileAt, take);
}

function walk(b: Uint8Array, at: number, end: number, each: (code: number, at: number, stop: number) => void): void {
  for (let left = optionLimit; at < end && left > 0; left--) {
    const code = b[at++];
    if (code === 0) continue;
    if (code === 255 || at >= end) return;
    const stop = at + 1 + b[at];
    if (stop > end) return;
    each(code, at + 1, stop);
    at = stop;
  }
}
