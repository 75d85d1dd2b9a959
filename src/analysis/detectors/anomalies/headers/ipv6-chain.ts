// The extension headers of an IPv6 packet (RFC 8200 §4), read once for those who judge them.

import type { Packet } from '../../../../core/index.ts';

const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const options = 60;
/** Headers looked at; the wire room reads as many. */
const most = 24;

/** What was found; one object, reused by each `readChain`. */
export interface Chain {
  /** Fragment headers; whether one of them says that this is no fragment (RFC 6946). */
  fragments: number;
  isAtomic: boolean;
  /** Type of a routing header, -1 when there is none. */
  routingType: number;
  /** Option headers: where each begins, and how many. */
  readonly optionsAt: Int32Array;
  optionCount: number;
  /** What follows the chain, and how many bytes of it the packet says it has; below 0 when a header runs past the end. */
  next: number;
  rest: number;
}

const chain: Chain = {
  fragments: 0,
  isAtomic: false,
  routingType: -1,
  optionsAt: new Int32Array(most),
  optionCount: 0,
  next: -1,
  rest: 0,
};

/** Walks the chain of a packet as far as it was captured. */
export function readChain(p: Packet): Chain {
  const b = p.bytes;
  const end = p.l3At + p.ipLen;
  chain.fragments = chain.optionCount = 0;
  chain.isAtomic = false;
  chain.routingType = -1;
  let next = b[p.l3At + 6];
  let at = p.l3At + 40;
  for (let i = 0; i < most && at + 8 <= p.l3End; i++) {
    let size = (b[at + 1] + 1) << 3;
    if (next === fragment) {
      size = 8;
      chain.fragments++;
      const field = (b[at + 2] << 8) | b[at + 3];
      if ((field & 0xfff9) === 0) chain.isAtomic = true;
      // Behind a later fragment's header is data.
      if ((field & 0xfff8) !== 0) {
        next = b[at];
        at += size;
        break;
      }
    } else if (next === routing) chain.routingType = b[at + 2];
    else if (next === hopByHop || next === options) chain.optionsAt[chain.optionCount++] = at;
    else if (next === authentication) size = (b[at + 1] + 2) << 2;
    else break;
    next = b[at];
    at += size;
  }
  chain.next = next;
  chain.rest = end - at;
  return chain;
}
