// The sentence of the moment: what goes on, who most of it is, and what should be looked at.

import {
  type Alert,
  type Family,
  families,
  type Pulse,
  printable,
  type Severity,
  severities,
  type TrafficSeries,
} from '../../../core/index.ts';
import { largestFamilies } from '../cells.ts';
import { familyTitle } from '../looks/palette.ts';
import { counted, formatBitRate, formatBytes, formatCount, formatDuration, formatPercent } from '../quantities.ts';

/** What it is made of; scenes have all of it. */
export interface Moment {
  readonly isLive: boolean;
  readonly snapshot: {
    readonly state: string;
    readonly packets: number;
    readonly bytes: number;
    readonly firstUs: number | null;
    readonly lastUs: number | null;
    readonly flows: { readonly total: number };
    readonly talkers: readonly { readonly ip: string; readonly bytes: number; readonly bytesReceived: number }[];
    readonly alerts: readonly Alert[];
    readonly alertCounts: Readonly<Record<Severity, number>>;
    readonly names: Readonly<Record<string, string>>;
  } | null;
  readonly pulse: Pick<Pulse, 'hosts'> | null;
  readonly recent: TrafficSeries | null;
}

/** Seconds that "now" is the mean of, and that an alert is new for. */
const nowSec = 10;
const newSec = 60;

/** Plain text, one to three sentences, safe to lay out. */
export function momentSentence({ isLive, snapshot, pulse, recent }: Moment): string {
  if (snapshot === null || snapshot.packets === 0) {
    return snapshot?.state === 'done' ? 'There was no packet in it.' : 'Waiting for the first packet.';
  }
  const goesOn = isLive && snapshot.state === 'running';
  const traffic = goesOn ? trafficNow(recent, pulse) : trafficInAll(snapshot, recent, pulse);
  const parts = [traffic, busiest(snapshot), goesOn ? newest(snapshot) : worst(snapshot)];
  return parts.filter((part) => part !== '').join(' ');
}

type Known = NonNullable<Moment['snapshot']>;

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
const hostsOf = (pulse: Moment['pulse']): string => (pulse === null ? '' : counted(pulse.hosts, 'host'));

/** `38 hosts, 42.1 Mb/s, mostly web (TLS), 61.0 %.`; the second that is still going on is left out. */
function trafficNow(recent: TrafficSeries | null, pulse: Moment['pulse']): string {
  const bytes = recent?.bytes.slice(-1 - nowSec, -1) ?? [];
  const rate = bytes.length === 0 ? 0 : sum(bytes) / (bytes.length * (recent?.stepSec ?? 1));
  const amount = rate === 0 ? 'quiet now' : formatBitRate(rate * 8);
  const mostly =
    recent === null || rate === 0 ? '' : mostOf(recent.families.map((each) => sum(each.slice(-1 - nowSec, -1))));
  return `${[hostsOf(pulse), amount, mostly].filter((part) => part !== '').join(', ')}.`;
}

/** `1,284 flows of 38 hosts in 00:02:00, 120 MB, mostly QUIC, 51.0 %.` */
function trafficInAll(snapshot: Known, recent: TrafficSeries | null, pulse: Moment['pulse']): string {
  const { firstUs, lastUs, flows, bytes } = snapshot;
  const during = firstUs === null || lastUs === null ? '' : ` in ${formatDuration((lastUs - firstUs) / 1e6)}`;
  const hosts = hostsOf(pulse);
  const who = `${counted(flows.total, 'flow')}${hosts === '' ? '' : ` of ${hosts}`}${during}`;
  const mostly = recent === null ? '' : mostOf(recent.families.map(sum));
  return `${[who, formatBytes(bytes), mostly].filter((part) => part !== '').join(', ')}.`;
}

function mostOf(bytes: readonly number[]): string {
  const [first] = largestFamilies(families as readonly Family[], bytes);
  const all = sum(bytes);
  if (first === undefined) return '';
  const share = first.bytes / all;
  return `${share >= 0.5 ? 'mostly' : 'most of it'} ${familyTitle[first.family]}, ${formatPercent(first.bytes, all)}`;
}

function busiest({ talkers, names }: Known): string {
  const first = [...talkers].sort((a, b) => b.bytes + b.bytesReceived - a.bytes - a.bytesReceived)[0];
  if (first === undefined) return '';
  const name = printable(names[first.ip] ?? first.ip);
  return `Busiest: ${name}, ↓ ${formatBytes(first.bytesReceived)} ↑ ${formatBytes(first.bytes)}.`;
}

/** Alerts of the last minute that are more than information. */
function newest({ alerts, lastUs }: Known): string {
  const since = (lastUs ?? 0) - newSec * 1e6;
  const fresh = alerts.filter(({ severity, firstUs }) => severity !== 'info' && severity !== 'low' && firstUs >= since);
  if (fresh.length === 0) return '';
  const first = worstOf(fresh);
  return `${formatCount(fresh.length)} new ${fresh.length === 1 ? 'alert' : 'alerts'}: ${alertWords(first)}.`;
}

function worst({ alerts, alertCounts }: Known): string {
  const all = sum(severities.map((severity) => alertCounts[severity] ?? 0));
  if (all === 0) return 'No alerts.';
  if (alerts.length === 0) return `${counted(all, 'alert')}.`;
  return `${counted(all, 'alert')}, the worst ${alertWords(worstOf(alerts))}.`;
}

const worstOf = (alerts: readonly Alert[]): Alert =>
  alerts.reduce((a, b) => (severities.indexOf(b.severity) > severities.indexOf(a.severity) ? b : a));

export const alertWords = ({ severity, title, key }: Pick<Alert, 'severity' | 'title' | 'key'>): string =>
  printable(`${severity}, ${title}: ${key}`);
