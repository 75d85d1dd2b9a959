// An event as a line of Suricata's EVE JSON. Where each value stands is declared with its field; see core/field.ts.

import {
  type AnyEvent,
  type FactKind,
  formatAddress,
  formatEveTime,
  ipProtoName,
  latin1,
  printable,
  writeCommunityId,
} from '../../core/index.ts';

/** The flow that an event belongs to, originator first. */
export interface EventFlow {
  readonly flowId: number;
  readonly proto: number;
  readonly ipVersion: number;
  readonly oWords: readonly [number, number, number, number];
  readonly rWords: readonly [number, number, number, number];
  readonly oPort: number;
  readonly rPort: number;
  readonly vlanOuter: number;
  readonly vlanInner: number;
}

/** What is the same in all lines of a flow: made once, kept by the caller. */
export interface EveEnvelope {
  /** From `,"flow_id":` to the event type, not included. */
  readonly head: string;
  /** From the VLANs to the protocol, by side that sends. */
  readonly ends: readonly [string, string];
  readonly tail: string;
}

const scratch = new Uint8Array(64);

/** @param iface name of the interface, null when it was not captured live */
export function eveEnvelope(flow: EventFlow, iface: string | null): EveEnvelope {
  const { ipVersion, proto, oWords: o, rWords: r, oPort, rPort } = flow;
  const face = iface === null ? '' : `"in_iface":${JSON.stringify(printable(iface).slice(0, 255))},`;
  const vlan =
    flow.vlanOuter < 0
      ? ''
      : flow.vlanInner >= 0 && flow.vlanInner !== flow.vlanOuter
        ? `"vlan":[${flow.vlanOuter},${flow.vlanInner}],`
        : `"vlan":[${flow.vlanOuter}],`;
  const one = formatAddress(ipVersion, ...o);
  const two = formatAddress(ipVersion, ...r);
  const end = writeCommunityId(scratch, 0, ipVersion, ...o, ...r, proto, oPort, rPort);
  const between = (src: string, srcPort: number, dest: string, destPort: number): string =>
    `",${vlan}"src_ip":"${src}","src_port":${srcPort},"dest_ip":"${dest}","dest_port":${destPort},`;
  return {
    head: `","flow_id":${flow.flowId},${face}"event_type":"`,
    ends: [between(one, oPort, two, rPort), between(two, rPort, one, oPort)],
    tail: `"ip_v":${ipVersion},"proto":"${ipProtoName(proto)}","pkt_src":"wire/pcap","community_id":"${latin1(scratch, 0, end)}"`,
  };
}

/** Objects of a line as a tree, each after the one around it; the first is the line itself. */
interface Plan {
  /** `"name":{` of each object, and the number of the one around it. */
  readonly opens: readonly string[];
  readonly around: readonly number[];
  /** Members of each object while a line is made. */
  readonly texts: string[];
  /** By field: the object it stands in, and `"key":`. */
  readonly places: ReadonlyMap<string, { readonly object: number; readonly key: string }>;
}

const plans = new WeakMap<FactKind, Plan>();

function planOf(kind: FactKind): Plan {
  const known = plans.get(kind);
  if (known !== undefined) return known;
  const opens = [''];
  const around = [0];
  const objects = new Map([['', 0]]);
  const places = new Map<string, { object: number; key: string }>();
  for (const [field, declared] of Object.entries(kind.fields)) {
    if (declared.eve === false) continue;
    const path = (declared.eve ?? `taplight.${kind.name}.${field}`).split('.');
    let object = 0;
    for (let depth = 1; depth < path.length; depth++) {
      const prefix = path.slice(0, depth).join('.');
      const there = objects.get(prefix);
      if (there === undefined) {
        around.push(object);
        object = opens.push(`${JSON.stringify(path[depth - 1])}:{`) - 1;
        objects.set(prefix, object);
      } else object = there;
    }
    places.set(field, { object, key: `${JSON.stringify(path[path.length - 1])}:` });
  }
  const plan = { opens, around, texts: opens.map(() => ''), places };
  plans.set(kind, plan);
  return plan;
}

/** The values that are there, as members of an object; empty when there are none. */
function members({ opens, around, texts, places }: Plan, event: AnyEvent): string {
  texts.fill('');
  for (const field in event) {
    const place = places.get(field);
    const value = event[field];
    if (place === undefined || value === undefined || value === null) continue;
    const isNumber = typeof value === 'number';
    if (isNumber && !Number.isFinite(value)) continue;
    const text = place.key + (isNumber ? value : JSON.stringify(value));
    const before = texts[place.object];
    texts[place.object] = before === '' ? text : `${before},${text}`;
  }
  // From the inside out: an object comes after the one around it.
  for (let i = opens.length - 1; i > 0; i--) {
    if (texts[i] === '') continue;
    const text = `${opens[i]}${texts[i]}}`;
    const before = texts[around[i]];
    texts[around[i]] = before === '' ? text : `${before},${text}`;
  }
  return texts[0];
}

/**
 * The line without its line feed.
 * @param side who sent what the event tells: EVE's source
 * @param packet number of the packet in its file, 0 to leave it out
 */
export function eveEvent(
  envelope: EveEnvelope,
  kind: FactKind,
  event: AnyEvent,
  timeUs: number,
  side: 0 | 1,
  packet: number,
): string {
  const number = packet > 0 ? `,"pcap_cnt":${packet}` : '';
  const { head, ends, tail } = envelope;
  const type = kind.eveType ?? kind.name;
  const body = members(planOf(kind), event);
  const rest = body === '' ? '' : `,${body}`;
  return `{"timestamp":"${formatEveTime(timeUs)}${head}${type}${ends[side]}${tail}${number}${rest}}`;
}
