// Tiles: how much is going on, each with how it went in the last minute.

import {
  counted,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPacketRate,
  ratePerSec,
} from '../../../present/index.ts';
import { cellsOf, type Spans, span, widthOf } from '../../frame/lines.ts';
import { spark } from '../../frame/spark.ts';
import type { Known, Look } from '../../frame/view.ts';
import { isOver } from '../flows/list.ts';
import { bitRates } from '../parts/series.ts';

interface Tile {
  readonly sign: string;
  readonly ink: 'in' | 'out' | 'text';
  readonly value: string;
  readonly more: string;
  /** Columns of it, the latest last; empty: no picture. */
  readonly went: readonly number[];
}

function liveTiles(known: Known): Tile[] {
  const { pulse, recent, snapshot } = known;
  const past = recent ?? pulse?.recent ?? null;
  const now = (pick: 'inBytes' | 'outBytes' | 'packets' | 'newFlows'): number =>
    ratePerSec(past, (series) => series[pick]) ?? 0;
  const bits = (pick: 'inBytes' | 'outBytes'): string => formatBitRate(now(pick) * 8);
  const went = (pick: 'inBytes' | 'outBytes' | 'packets'): number[] => bitRates((past?.[pick] ?? []).slice(0, -1), 1);
  const begun = Math.round(now('newFlows'));
  return [
    { sign: '↓', ink: 'in', value: bits('inBytes'), more: '', went: went('inBytes') },
    { sign: '↑', ink: 'out', value: bits('outBytes'), more: '', went: went('outBytes') },
    {
      sign: '',
      ink: 'text',
      value: formatPacketRate(now('packets')),
      more: '',
      went: went('packets'),
    },
    {
      sign: '',
      ink: 'text',
      value: counted(pulse?.activeFlows ?? snapshot?.flows.active ?? 0, 'flow'),
      more: begun > 0 ? `+${formatCount(begun)}/s` : '',
      went: [],
    },
    { sign: '', ink: 'text', value: counted(pulse?.hosts ?? snapshot?.hosts ?? 0, 'host'), more: '', went: [] },
  ];
}

/** Of a capture that has ended: all of it. */
function wholeTiles({ snapshot, whole }: Known): Tile[] {
  if (snapshot === null) return [];
  const seconds = ((snapshot.lastUs ?? 0) - (snapshot.firstUs ?? 0)) / 1e6;
  const total = (values: readonly number[] | undefined): number => (values ?? []).reduce((sum, each) => sum + each, 0);
  const tile = (value: string, went: readonly number[] = []): Tile => ({
    sign: '',
    ink: 'text',
    value,
    more: '',
    went,
  });
  return [
    { ...tile(formatBytes(total(whole?.inBytes)), whole?.inBytes), sign: '↓', ink: 'in' },
    { ...tile(formatBytes(total(whole?.outBytes)), whole?.outBytes), sign: '↑', ink: 'out' },
    tile(counted(snapshot.packets, 'packet'), whole?.packets),
    tile(counted(snapshot.flows.total, 'flow')),
    tile(counted(snapshot.hosts, 'host')),
    tile(formatDuration(seconds)),
  ];
}

/** All tiles in one line, with pictures where there is room. */
export function tilesRow(known: Known, cells: number, look: Look): Spans {
  const tiles = isOver(known) ? wholeTiles(known) : liveTiles(known);
  const gap = cells >= 110 ? 5 : 3;
  const wordsOf = ({ sign, value, more }: Tile): number =>
    cellsOf(sign) + (sign === '' ? 0 : 1) + cellsOf(value) + (more === '' ? 0 : 2 + cellsOf(more));
  // Widths do not change with the digits, so that tiles stand still while numbers change.
  const least = (tile: Tile): number => Math.max(wordsOf(tile), tile.sign === '' ? 11 : 10);
  const taken = tiles.reduce((sum, tile) => sum + least(tile) + gap, 1);
  const pictures = tiles.filter(({ went }) => went.length > 0).length;
  const picture = pictures === 0 ? 0 : Math.min(24, Math.floor((cells - taken) / pictures) - 1);
  const row = [span(' ')];
  for (const tile of tiles) {
    if (widthOf(row) + least(tile) > cells) break;
    if (tile.sign !== '') row.push(span(`${tile.sign} `, tile.ink));
    row.push(span(tile.value, 'strong'));
    if (tile.more !== '') row.push(span(`  ${tile.more}`, 'muted'));
    row.push(span(' '.repeat(least(tile) - wordsOf(tile))));
    if (picture >= 5 && tile.went.length > 0) row.push(span(' '), spark(tile.went.slice(-60), picture, look, tile.ink));
    row.push(span(' '.repeat(gap)));
  }
  return row;
}
