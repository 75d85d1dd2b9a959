// Who somebody is and what something speaks, in few cells.

import { type Family, familyOf, printable } from '../../../../core/index.ts';
import type { ProtocolInfo, Row } from '../../../api/index.ts';
import { endpointText, type Ink, protocolText } from '../../../present/index.ts';
import { cellsOf, shownText } from '../../frame/lines.ts';
import { cutMiddle, cutStart } from '../../frame/table.ts';
import type { Known, Look } from '../../frame/view.ts';
import { numberAt, textAt } from './rows.ts';

const titles = new WeakMap<readonly ProtocolInfo[], ReadonlyMap<string, ProtocolInfo>>();

/** Protocols by name; made once for a list. */
export function protocolsByName(protocols: readonly ProtocolInfo[]): ReadonlyMap<string, ProtocolInfo> {
  const known = titles.get(protocols) ?? new Map(protocols.map((each) => [each.name, each]));
  titles.set(protocols, known);
  return known;
}

const noTitles: ReadonlyMap<string, string> = new Map();

export function protocolTitle(app: string, known: Known): string {
  const declared = protocolsByName(known.protocols).get(app);
  return declared === undefined ? protocolText(app, noTitles) : printable(declared.title);
}

export function familyOfApp(app: string, known: Known): Family {
  return protocolsByName(known.protocols).get(app)?.family ?? familyOf(app, '');
}

export const appInk = (app: string, known: Known): Ink => familyOfApp(app, known);

/** Best name of an address: what the row says, then the snapshot; empty where nobody told. */
export function nameOf(ip: string, row: Row | null, side: 'src' | 'dst' | null, known: Known): string {
  const own = row === null || side === null ? '' : textAt(row, `${side}_name`);
  if (own !== '') return own;
  const told = known.snapshot?.names[ip] ?? '';
  if (told !== '' || side !== 'dst' || row === null) return told;
  return asksByName.has(familyOfApp(textAt(row, 'app'), known)) ? textAt(row, 'host') : '';
}

/** Where the name that a client asks for is that of the server; of DNS it is the question. */
const asksByName: ReadonlySet<Family> = new Set(['web-secret', 'quic', 'web-clear']);

/** One end of a flow so that it fits: of names of servers the end is left, of addresses both, and the port always. */
export function endShort(row: Row, side: 'src' | 'dst', cells: number, known: Known, look: Look): string {
  const ip = textAt(row, `${side}_ip`);
  const port = numberAt(row, `${side}_port`);
  const name = shownText(nameOf(ip, row, side, known), 120);
  const whole = shownText(endpointText(ip, port, name), 160);
  if (cellsOf(whole) <= cells) return whole;
  if (side === 'src') return shownText(name === '' ? cutMiddle(ip, cells, look) : name, 120);
  const tail = port === null || port === 0 ? '' : `:${port}`;
  const host =
    name === '' || name === ip ? cutMiddle(ip, cells - tail.length, look) : cutStart(name, cells - tail.length, look);
  return `${host}${tail}`;
}

/** One end in full: name, then address and port. */
export function endLong(row: Row, side: 'src' | 'dst', known: Known): string {
  const ip = textAt(row, `${side}_ip`);
  const port = numberAt(row, `${side}_port`);
  const name = nameOf(ip, row, side, known);
  const address = endpointText(ip, port, null);
  return name === '' || name === ip ? address : `${printable(name)} (${address})`;
}
