// How the cells of flows look: who to whom with names, what is said in a word, sides as arrows.

import { h } from 'preact';
import { type Family, printable } from '../../../../core/index.ts';
import type { Row, Scene } from '../../../api/index.ts';
import {
  dayTime,
  endpointText,
  flowStateMeaning,
  flowStateText,
  isoTime,
  type ShownColumn,
} from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { type CellLook, plainLook, termOf } from '../../table/cell-look.ts';
import { appTitle, numberOf, textOf } from './flow-words.ts';

/** `3.17`: a flow in the address. */
export const flowKey = (row: Row): string => `${row.run}.${row.flow_id}`;

export function keyOf(text: string | undefined): { readonly run: number; readonly flowId: number } | null {
  const match = /^(\d+)\.(\d+)$/.exec(text ?? '');
  return match === null ? null : { run: Number(match[1]), flowId: Number(match[2]) };
}

type Words = Pick<Screen, 'protocol' | 'familyOf' | 'snapshot'>;

/** Name and port of one side; the address is in the title. */
export function sideText(screen: Words, row: Row, side: 'src' | 'dst'): string {
  const ip = textOf(row[`${side}_ip`]);
  const name = textOf(row[`${side}_name`]) || screen.snapshot.value?.names[ip] || null;
  return endpointText(ip, numberOf(row[`${side}_port`]), name);
}

/** A patch in the colour of the family, beside the word. */
export const familyMark = (family: Family) => h('span', { class: `patch p-${family}`, 'aria-hidden': 'true' });

/** Columns of a row that are not shown for themselves. */
export const flowNeeds = [
  'run',
  'flow_id',
  'src_port',
  'dst_port',
  'src_name',
  'dst_name',
  'is_open',
  'end_reason',
  'conn_state',
];

/** In a word that users know. */
export const stateText = (row: Row): string =>
  flowStateText(textOf(row.state), textOf(row.end_reason), row.is_open === true, textOf(row.conn_state));

/** A full circle while it goes on, an empty one when it is over, and the word. */
function stateLook(row: Row): CellLook {
  const isOpen = row.is_open === true;
  const text = stateText(row);
  const mark = h('span', { class: isOpen ? 'state open' : 'state', 'aria-hidden': 'true' }, isOpen ? '● ' : '○ ');
  const reason = textOf(row.end_reason);
  const asked = isOpen ? 'open == true' : reason === '' ? undefined : termOf('reason', reason);
  return { text, mark, term: asked, title: flowStateMeaning[text] };
}

/** Columns that say something of this scene: countries where places are known, rates while it goes on. */
export function columnsOf<C extends ShownColumn>(columns: readonly C[], { about }: Pick<Scene, 'about'>): readonly C[] {
  return columns.filter(({ column }) =>
    column === 'country' ? about.can.places : column.startsWith('rate_') ? about.isLive : true,
  );
}

export function flowLook(screen: Words): (column: ShownColumn, row: Row) => CellLook {
  return ({ column }, row) => {
    const value = row[column];
    switch (column) {
      case 'start_ts':
        return {
          ...plainLook(column, 'time', value),
          title: typeof value === 'number' ? `${dayTime(value)} (${isoTime(value)})` : '',
        };
      case 'src_ip':
      case 'dst_ip': {
        const side = column === 'src_ip' ? 'src' : 'dst';
        return { text: sideText(screen, row, side), title: printable(textOf(value)), term: termOf('ip', value) };
      }
      case 'app': {
        const app = textOf(value);
        const mark = familyMark(screen.familyOf(app));
        return { text: appTitle(screen, app), mark, term: app === '' ? undefined : termOf('app', app) };
      }
      case 'state':
        return stateLook(row);
      case 'host':
        return { ...plainLook(column, 'text', value), term: termOf('host.name', value) };
      case 'country':
      case 'verdict':
        return { ...plainLook(column, 'word', value), term: termOf(column, value) };
      default:
        return plainLook(column, column.startsWith('rate_') ? 'real' : 'u64', value);
    }
  };
}
