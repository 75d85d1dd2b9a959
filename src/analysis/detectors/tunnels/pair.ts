// Two hosts whoever speaks: the same for both directions.

import { formatAddress, type Packet } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';

export interface Pair {
  /** Hashes of both addresses, the lower first. */
  readonly low: number;
  readonly high: number;
  /** The packet goes from `low` to `high`. */
  readonly isForward: boolean;
  readonly lowText: string;
  readonly highText: string;
}

/** The pair of a packet's addresses. Texts are made when they are read. */
class PacketPair implements Pair {
  low = 0;
  high = 0;
  isForward = false;
  #p: Packet | null = null;

  set(p: Packet): this {
    const s = p.ipVersion === 4 ? p.src0 : hashWords(p.src0, p.src1, p.src2, p.src3);
    const d = p.ipVersion === 4 ? p.dst0 : hashWords(p.dst0, p.dst1, p.dst2, p.dst3);
    this.isForward = s <= d;
    this.low = this.isForward ? s : d;
    this.high = this.isForward ? d : s;
    this.#p = p;
    return this;
  }

  get lowText(): string {
    return this.#text(this.isForward);
  }
  get highText(): string {
    return this.#text(!this.isForward);
  }

  #text(isSource: boolean): string {
    const p = this.#p;
    if (p === null) return '';
    return isSource
      ? formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3)
      : formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
  }
}

const pair = new PacketPair();

/** Valid until the next call. */
export const pairOf = (p: Packet): Pair => pair.set(p);
