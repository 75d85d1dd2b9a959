// Which family of traffic a flow belongs to, and which of its directions leaves the house: judged when it begins, written
// on its row, and read by each packet.
//
// As long as a protocol still reads the flow, its family is the one that its ports suggest; each packet then asks anew for
// the name. Frames that are no IP belong to the local family; fragments whose datagram is not yet whole, and IP packets that
// made no flow, to the others.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTable } from '../../../analysis/flows/index.ts';
import { segmentKind } from '../../../analysis/health/index.ts';
import { protocols } from '../../../analysis/protocols/index.ts';
import { TrafficMeter, way } from '../../../analysis/stats/index.ts';
import { nameBits, type Talks } from '../../../analysis/talks/index.ts';
import { type Family, families, familyOf, ipProto, isOfHouse, type Packet } from '../../../core/index.ts';

// The highest byte of W_LETTERS: family in three bits, way of direction 0 in two, and whether the family is known for good.
const shift = 24;
const others = (1 << shift) - 1;
const familyMask = 7;
const wayShift = 3;
const wayMask = 3;
const isKnown = 32;
/** What `way` has of a packet's two directions adds up to this. */
const bothWays = way.in + way.out;

const indexOf = (family: Family): number => families.indexOf(family);
const local = indexOf('local');
const other = indexOf('other');
const noFamily = 255;
/** Ports from here on are drawn by clients; as an originator's they say nothing. */
const drawnPorts = 32_768;

export class FlowTraffic {
  readonly meter = new TrafficMeter();
  readonly #table: FlowTable;
  readonly #talks: Talks;
  /** Family by name number, and by port of TCP and of UDP; `noFamily` where no protocol has the port. */
  readonly #ofName: Uint8Array;
  readonly #ofTcpPort = new Uint8Array(65_536).fill(noFamily);
  readonly #ofUdpPort = new Uint8Array(65_536).fill(noFamily);

  constructor(table: FlowTable, talks: Talks) {
    this.#table = table;
    this.#talks = talks;
    const { probing } = talks;
    const kinds = new Map(
      protocols.flatMap(({ name, variants, family }) =>
        [name, ...(variants ?? [])].map((each) => [each, family] as const),
      ),
    );
    const ofName = (name: string): number => indexOf(familyOf(name, kinds.get(name) ?? ''));
    this.#ofName = Uint8Array.from(probing.names, ofName);
    for (const { name, ports } of protocols) {
      fillPorts(this.#ofTcpPort, ports?.tcp ?? [], ofName(name));
      fillPorts(this.#ofUdpPort, ports?.udp ?? [], ofName(name));
    }
  }

  /** A conversation or a part of one begins on a row. */
  opened(r: number, p: Packet, isNew: boolean): void {
    if (isNew) this.meter.flowBegan();
    const src = isOfHouse(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    const dst = isOfHouse(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    const here = wayBetween(src, dst);
    const there = here === way.neither || p.keyDir === 0 ? here : bothWays - here;
    this.#write(r, this.#ofPorts(r) | (there << wayShift));
  }

  /** Counts a frame once, by its outermost level: `hit` is row << 1 | direction, -1 when it belongs to no flow. */
  frame(p: Packet, hit: number): void {
    if (hit < 0) {
      this.#stray(p);
      return;
    }
    const r = hit >> 1;
    let kind = this.#table.words[r * row.ROW_WORDS + row.W_LETTERS] >>> shift;
    if ((kind & isKnown) === 0) kind = this.#look(r, kind);
    const first = (kind >>> wayShift) & wayMask;
    const direction = first === way.neither || (hit & 1) === 0 ? first : bothWays - first;
    this.meter.add(p.wireLen, kind & familyMask, direction);
  }

  /** Counts a TCP segment of a flow; `kind` is what the health of flows said of it. */
  segment(kind: number): void {
    if (kind !== segmentKind.copy) this.meter.segment(kind === segmentKind.again);
  }

  /** What belongs to no flow. */
  #stray(p: Packet): void {
    if (p.ipVersion === 0) {
      this.meter.add(p.wireLen, local, way.neither);
      return;
    }
    const src = isOfHouse(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    const dst = isOfHouse(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    this.meter.add(p.wireLen, other, wayBetween(src, dst));
  }

  /** A flow's family by its name, once it has one; for good, too, once nobody reads it any more. */
  #look(r: number, kind: number): number {
    const name = this.#talks.nameWord(r) & ((1 << nameBits) - 1);
    const isRead = this.#table.words[r * row.ROW_WORDS + row.W_STATE] < 0;
    if (name === 0 && isRead) return kind;
    const known = isKnown | (name === 0 ? kind : (kind & ~familyMask) | this.#ofName[name]);
    this.#write(r, known);
    return known;
  }

  #write(r: number, kind: number): void {
    const w = this.#table.words;
    const at = r * row.ROW_WORDS + row.W_LETTERS;
    w[at] = (w[at] & others) | (kind << shift);
  }

  /** The responder's port goes first. */
  #ofPorts(r: number): number {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const proto = w[o + row.W_KIND] & 255;
    if (proto !== ipProto.tcp && proto !== ipProto.udp) return other;
    const table = proto === ipProto.tcp ? this.#ofTcpPort : this.#ofUdpPort;
    const ports = w[o + row.W_PORTS];
    const isHigh = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    const responder = table[isHigh ? ports >>> 16 : ports & 0xffff];
    if (responder !== noFamily) return responder;
    const port = isHigh ? ports & 0xffff : ports >>> 16;
    return port >= drawnPorts || table[port] === noFamily ? other : table[port];
  }
}

/** The first protocol that declares a port has it. */
function fillPorts(table: Uint8Array, ports: readonly number[], family: number): void {
  for (const port of ports) if (table[port] === noFamily) table[port] = family;
}

function wayBetween(isFromHouse: boolean, isToHouse: boolean): number {
  if (isFromHouse === isToHouse) return way.neither;
  return isFromHouse ? way.out : way.in;
}
