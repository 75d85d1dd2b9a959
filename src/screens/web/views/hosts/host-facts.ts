// What is known of one host: its row, and what its newest flows tell.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Row, RowWindow } from '../../../api/index.ts';
import { noteLoss } from '../../data/connection.ts';
import { term } from '../../shell/narrow.ts';
import type { Screen } from '../../shell/screen.ts';
import { numberOf, textOf } from '../flows/flow-words.ts';

/** A peer by address, or a service by port. */
export interface Share {
  readonly key: string;
  readonly name: string;
  readonly app: string;
  readonly bytes: number;
}

export interface HostFacts {
  readonly host: Row | null;
  /** How many flows it is told from. */
  readonly flows: number;
  readonly peers: readonly Share[];
  readonly offers: readonly Share[];
  readonly uses: readonly Share[];
  readonly names: readonly string[];
  readonly macs: readonly string[];
  readonly fingerprints: readonly string[];
}

const nothing: HostFacts = {
  host: null,
  flows: 0,
  peers: [],
  offers: [],
  uses: [],
  names: [],
  macs: [],
  fingerprints: [],
};

export const rowsOf = ({ columns, rows }: RowWindow): Row[] =>
  rows.map((cells) => Object.fromEntries(columns.map(({ name }, i) => [name, cells[i]])));

/** Added up by key, the largest first. */
function added(shares: readonly Share[]): Share[] {
  const byKey = new Map<string, Share>();
  for (const share of shares) {
    const before = byKey.get(share.key);
    const app = before?.app || share.app;
    byKey.set(share.key, before === undefined ? share : { ...before, app, bytes: before.bytes + share.bytes });
  }
  return [...byKey.values()].sort((a, b) => b.bytes - a.bytes);
}

const distinct = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => value !== '').slice(0, 12);

/** @param flows rows of flows that have the address on one side */
export function factsOf(ip: string, host: Row | null, flows: readonly Row[]): HostFacts {
  const opened = flows.filter((row) => row.src_ip === ip);
  const accepted = flows.filter((row) => row.src_ip !== ip);
  const bytesOf = (row: Row): number => (numberOf(row.bytes_fwd) ?? 0) + (numberOf(row.bytes_rev) ?? 0);
  const service = (row: Row): Share => {
    const port = String(row.dst_port ?? '');
    return { key: port, name: port === '0' ? '' : port, app: textOf(row.app), bytes: bytesOf(row) };
  };
  const peer = (row: Row): Share => {
    const side = row.src_ip === ip ? 'dst' : 'src';
    const key = textOf(row[`${side}_ip`]);
    return { key, name: textOf(row[`${side}_name`]) || key, app: '', bytes: bytesOf(row) };
  };
  const listed = (value: Row[string] | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    host,
    flows: flows.length,
    peers: added(flows.map(peer)),
    offers: added(accepted.map(service)),
    uses: added(opened.map(service)),
    names: distinct([textOf(host?.name), ...listed(host?.names), ...accepted.map((row) => textOf(row.host))]),
    macs: distinct([
      textOf(host?.mac),
      ...listed(host?.macs),
      ...opened.map((row) => textOf(row.src_mac)),
      ...accepted.map((row) => textOf(row.dst_mac)),
    ]),
    fingerprints: distinct(opened.map((row) => textOf(row.ja4))),
  };
}

/** Asked for again with each snapshot, but not while the page is hidden. */
export function useHost(screen: Screen, ip: string): HostFacts {
  const facts = useSignal<HostFacts>(nothing);
  const scene = screen.scene.value;
  const snapshot = screen.snapshot.value;
  useEffect(() => {
    if (document.hidden) return;
    let isWanted = true;
    const filter = term('ip', ip);
    Promise.all([
      scene.rows({ table: 'hosts', filter, from: 0, count: 1 }),
      scene.rows({ table: 'flows', filter, from: 0, count: 200 }),
    ]).then(([host, flows]) => {
      if (isWanted) facts.value = factsOf(ip, rowsOf(host)[0] ?? null, rowsOf(flows));
    }, noteLoss);
    return () => {
      isWanted = false;
    };
  }, [scene, ip, snapshot, facts]);
  return facts.value;
}
