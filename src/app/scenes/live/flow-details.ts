// All that is known of one flow, put together: its row, what was said in it, alerts that name it.

import { type Alert, communityId, parseAddress } from '../../../core/index.ts';
import type { FlowDetails, Row } from '../../../screens/api/index.ts';
import type { ReadColumn } from './live-table.ts';
import { addressText } from './slots/slot-columns.ts';

const mostTransactions = 500;

export interface KnownOfFlow {
  readonly flow: Row;
  readonly transactions: FlowDetails['transactions'];
  /** All that there are. */
  readonly alerts: readonly Alert[];
  readonly timeline: FlowDetails['timeline'];
  readonly hasPackets: boolean;
}

export function flowDetails({ flow, transactions, alerts, timeline, hasPackets }: KnownOfFlow): FlowDetails {
  const id = communityOf(flow);
  return {
    flow,
    transactions: transactions.toSorted((a, b) => Number(a.row.ts) - Number(b.row.ts)).slice(0, mostTransactions),
    alerts: alerts.filter((alert) => id !== null && alert.flows.includes(id)),
    timeline,
    hasPackets,
  };
}

/** Community ID of a row of flows; null where its addresses are none. */
export function communityOf(flow: Row): string | null {
  const source = parseAddress(String(flow.src_ip));
  const target = parseAddress(String(flow.dst_ip));
  if (source === null || target === null) return null;
  const [o, r] = [source.words, target.words];
  const [proto, oPort, rPort] = [Number(flow.proto), Number(flow.src_port), Number(flow.dst_port)];
  return communityId(source.ipVersion, o[0], o[1], o[2], o[3], r[0], r[1], r[2], r[3], proto, oPort, rPort);
}

/** All columns of a live row. */
export function rowOf(read: ReadColumn, columns: readonly string[]): Row {
  return Object.fromEntries(
    columns.map((name) => {
      const value = read(name);
      return [name, value instanceof Uint8Array ? textOf(value) : value] as const;
    }),
  ) as Row; // values of live rows are cells
}

function textOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return addressText(view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12));
}
