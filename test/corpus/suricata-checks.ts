// What Suricata's own tests expect of EVE lines (suricata-verify's checks), held against ours.
//
// A check gives an event type, keys with values, and how many lines have them all. What of it can be compared is said by
// rules about keys, values and arguments, each with its reason: see `uncomparable` and docs/54-eve.md.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEve } from '../../src/output/sinks/eve.ts';
import { analyse } from './analyse.ts';
import { corpusFolder, readManifest } from './captures.ts';

type Line = Readonly<Record<string, unknown>>;

export interface Check {
  readonly capture: string;
  readonly test: string;
  readonly count: number;
  readonly match: Readonly<Record<string, unknown>>;
}

interface ListedTest {
  readonly test: string;
  readonly requires: { readonly 'lt-version'?: string | number } | null;
  readonly args: readonly string[] | null;
  readonly checks: readonly { readonly count: number; readonly match: Readonly<Record<string, unknown>> }[];
}

/** Event types that a passive program without rules writes, and that are facts of the traffic, not of Suricata's engine. */
const comparable =
  /^(flow|dns|mdns|llmnr|http|tls|quic|smtp|ssh|smb|dcerpc|nfs|rpc|mqtt|dnp3|modbus|enip|pgsql|ftp|ftp_data|sip|snmp|ntp|pop3|krb5|ldap|dhcp|rfb|websocket|ike|bittorrent_dht|tftp|rdp|fileinfo)$/;

/** Keys that say nothing about the traffic, or that a configuration other than the default one makes; with the reason. */
const uncomparable: readonly (readonly [RegExp, string])[] = [
  [/^flow\.(reason|state|exception_policy|emergency|action|alerted|age)/, "how Suricata's flow table ended the flow"],
  [/^(tx_id|.*\.tx_id)$/, "Suricata's number of the transaction"],
  [/^(drop|metadata|traffic|stream|parent_id|tcp|suricata_version|app_proto_(ts|tc|expected))\b/, 'the engine at work'],
  [
    /files\[|^fileinfo\.(sha|md5|magic|stored|sid|file_id|storing)/,
    'file store: off by default, and we store no files',
  ],
  [/^community_id$/, 'seed that the test sets; the default one is compared in community-id.test.ts'],
  [/^ether\b/, 'option `ethernet`, off by default; our flows have MAC addresses, at most one pair'],
  [
    /^http\.(request|response)_headers\b/,
    'option `dump-all-headers`, off by default; cookies and tokens are among them',
  ],
  [/^tls\.(client\.)?(certificate|chain)\b/, 'option `custom`, off by default: whole certificates'],
  [
    /^(mqtt\.connect\.(password|will\.message)|snmp\.community|pgsql\.request\.password|rfb\.authentication\.vnc\.response)$/,
    'a secret, masked by us',
  ],
  [/^rpc\.creds\.[ug]id$/, "Suricata reads them without the padding behind the machine's name"],
  [/^mqtt\.publish\.(truncated|skipped_length)$/, 'limit `max-msg-length` as that test sets it'],
  [/^ike\.(alg_|sa_(key|life)|client\.(key|nonce)|_v$)/, 'form 1 of IKE; we write form 2'],
];

/** Settings under which Suricata works as we always do; a test with any other says something of that setting. */
const ourSettings = new RegExp(
  `^(${[
    'stream\\.midstream=true',
    'stream\\.reassembly\\.depth=0',
    'app-layer\\.protocols\\.\\w+\\.enabled=(yes|true)',
    'app-layer\\.protocols\\.(tls|ssh)\\.(ja[34]-fingerprints|hassh)=yes',
    'decoder\\.\\w+(\\.\\w+)?\\.enabled=true',
    // Deeper than we look, which nothing of the corpus needs.
    'app-layer\\.protocols\\.http\\.libhtp\\.default-config\\.response-body-decompress-layer-limit=3',
    'runmode=single',
    '\\w+-algo=\\w+',
  ].join('|')})$`,
);
const ourFlags = /^(-k none ?|--runmode=single ?)*$/;

function isOurWay(arg: string): boolean {
  const settings = [...arg.matchAll(/--set (\S+)/g)].map((match) => match[1]);
  return settings.every((one) => ourSettings.test(one)) && ourFlags.test(arg.replace(/ ?--set \S+/g, '').trim());
}

/** Version 2 of DNS, which Suricata 8 writes only when asked to: a line a query or answer, the name at the top. */
function isOldDns(match: Check['match']): boolean {
  if (match.event_type !== 'dns') return false;
  return /^(query|answer)$/.test(String(match['dns.type'])) || 'dns.rrname' in match || 'dns.rrtype' in match;
}

/** A number of packets is that of the datagram; in a stream it is that which moved Suricata to write. */
function isPacketNumber(match: Check['match'], key: string): boolean {
  return key === 'pcap_cnt' && (match.proto !== 'UDP' || match.event_type === 'flow');
}

/** `has-key` with a list asks for each; each is a key of its own here. */
function keysOf(match: Check['match']): [string, unknown][] {
  const keys: [string, unknown][] = [];
  for (const [key, wanted] of Object.entries(match)) {
    if (!/^(not-)?has-key$/.test(key)) keys.push([key, wanted]);
    else for (const [i, one] of [wanted].flat().entries()) keys.push([`${key}#${i}`, one]);
  }
  return keys.filter(([key, wanted]) => {
    const about = key.includes('has-key') ? String(wanted) : key;
    // Suricata did not know what the flow speaks; we may.
    if (key === 'app_proto' && wanted === 'failed') return false;
    // Values cut at a length that the test sets.
    if (JSON.stringify(wanted).includes('[truncated ')) return false;
    return !isPacketNumber(match, key) && !uncomparable.some(([which]) => which.test(about));
  });
}

/**
 * Left out: tests for older versions or with settings other than ours (inline mode, memory limits, fewer protocols), and
 * checks that there is no line (count 0), which say what that test's configuration switches off.
 */
export function suricataChecks(): Check[] {
  const checks: Check[] = [];
  for (const { path } of readManifest()) {
    if (!path.startsWith('suricata/')) continue;
    const file = join(corpusFolder, 'suricata/expected', `${path.slice('suricata/'.length)}.checks.json`);
    if (!existsSync(file)) continue;
    for (const { test, requires, args, checks: list } of JSON.parse(readFileSync(file, 'utf8')) as ListedTest[]) {
      if (requires?.['lt-version'] !== undefined || (args ?? []).some((arg) => !isOurWay(arg))) continue;
      for (const { count, match } of list) {
        if (count === 0 || !comparable.test(String(match.event_type)) || isOldDns(match)) continue;
        const keys = keysOf(match);
        if (keys.length > 1) checks.push({ capture: path, test, count, match: Object.fromEntries(keys) });
      }
    }
  }
  return checks;
}

/** Our EVE lines of a capture, flows too. */
export async function eveLinesOf(capture: string): Promise<Line[]> {
  const texts: string[] = [];
  const decoder = new TextDecoder();
  const calls = {
    open: () => 3,
    write: (_fd: number, bytes: Uint8Array, at: number, length: number) => {
      texts.push(decoder.decode(bytes.slice(at, at + length)));
      return length;
    },
    close: () => {},
    pause: () => {},
  };
  const sink = openEve({ path: 'memory' }, calls);
  await analyse(capture, 10_000, { flow: (flow) => sink.write(flow), event: (event) => sink.event?.(event) });
  sink.close();
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** The value at a dotted path with indexes; undefined when there is none. */
function at(line: unknown, path: string): unknown {
  let value: unknown = line;
  for (const part of path.split(/\.|\[(\d+)\]/).filter((one) => one !== undefined && one !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Suricata writes all eight words of an IPv6 address, we the shortest form; we escape control characters, it JSON's way. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, normal(one)]));
  }
  if (typeof value !== 'string') return value;
  if (/^[0-9a-f]{4}(:[0-9a-f]{4}){7}$/.test(value)) return new URL(`http://[${value}]`).hostname.slice(1, -1);
  return value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Objects are equal whatever the order of their members. */
function isEqual(one: unknown, two: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof two !== 'object' || two === null) return one === two;
  const names = Object.keys(one);
  if (names.length !== Object.keys(two).length) return false;
  return names.every((name) => isEqual((one as Line)[name], (two as Line)[name]));
}

/** Whether a line has what one key of a check asks for. */
function hasKey(line: Line, key: string, wanted: unknown): boolean {
  if (key.startsWith('has-key')) return at(line, String(wanted)) !== undefined;
  if (key.startsWith('not-has-key')) return at(line, String(wanted)) === undefined;
  const match = /^(.*?)\.?__(len|contains|startswith|endswith|find)$/.exec(key);
  const found = at(line, match?.[1] ?? key);
  if (match === null) return isEqual(normal(found), normal(wanted));
  const text = String(found);
  switch (match[2]) {
    case 'len':
      return (found as { length?: number } | undefined)?.length === wanted;
    case 'startswith':
      return text.startsWith(String(wanted));
    case 'endswith':
      return text.endsWith(String(wanted));
    default:
      return Array.isArray(found) ? found.includes(wanted) : text.includes(String(wanted));
  }
}

export interface Verdict {
  /** Lines that match the whole check. */
  readonly found: number;
  /** Keys that no line of the best match has, with what it has instead. */
  readonly missing: readonly string[];
  readonly keys: number;
}

/** Holds a check against all lines of its capture. */
export function judge(check: Check, lines: readonly Line[]): Verdict {
  const { event_type: type, ...rest } = check.match;
  const keys = Object.entries(rest);
  let found = 0;
  let best: string[] | null = null;
  for (const line of lines) {
    if (line.event_type !== type) continue;
    const missing = keys.filter(([key, wanted]) => !hasKey(line, key, wanted));
    if (missing.length === 0) found++;
    if (best === null || missing.length < best.length) {
      best = missing.map(([key, wanted]) => `${key}: ${JSON.stringify(wanted)}, ours ${JSON.stringify(at(line, key))}`);
    }
  }
  return { found, missing: best ?? keys.map(([key]) => `${key}: no ${String(type)} line`), keys: keys.length };
}
