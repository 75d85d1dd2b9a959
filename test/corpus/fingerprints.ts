// Fingerprints that others published or printed of the captures, and those that we tell of the same flows.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, readReferences } from './captures.ts';
import type { TalkReference } from './conversations.ts';
import type { Story, ToldEvent } from './events.ts';
import type { Hello } from './ndpi-fingerprint.ts';

export type FingerprintKind = 'ja4' | 'ja3' | 'ja3 text' | 'ja3s' | 'ja3s text' | 'hassh' | 'hassh server';
export type Peer = 'foxio' | 'ndpi' | 'suricata' | 'tshark' | 'arkime';

export interface Wanted {
  readonly capture: string;
  readonly peer: Peer;
  readonly kind: FingerprintKind;
  readonly value: string;
  /** Both ends of its flow, see `endsOf`; '' when only the capture is known. */
  readonly ends: string;
}

export interface Found {
  readonly kind: FingerprintKind;
  readonly value: string;
  readonly ends: string;
  /** What it was made of; null for servers and SSH. */
  readonly hello: Hello | null;
}

/** The same text whoever of the two is named first, and however an IPv6 address is shortened. */
export const endsOf = (aIp: string, aPort: number | string, bIp: string, bPort: number | string): string =>
  [`${inFull(aIp)} ${aPort}`, `${inFull(bIp)} ${bPort}`].sort().join(' ');

/** Sessions of link-layer protocols have no address. */
function inFull(address: string | undefined): string {
  if (address?.includes('::') !== true) return address ?? '';
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = address.split('::').map(groups);
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].join(':');
}

// --- ours ------------------------------------------------------------------------------------------------------------

type Values = Readonly<Record<string, unknown>>;
interface Hashed {
  readonly hash?: string;
  readonly string?: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Every fingerprint of a capture's events. */
export function foundIn(story: Story): Found[] {
  const found: Found[] = [];
  for (const event of story.events) {
    const { eve, oIp, oPort, rIp, rPort } = event;
    if (eve === null) continue;
    const ends = endsOf(oIp, oPort, rIp, rPort);
    const hello = helloOf(event);
    const put = (kind: FingerprintKind, value: unknown, of: Hello | null): void => {
      if (typeof value === 'string' && value !== '') found.push({ kind, value, ends, hello: of });
    };
    for (const key of ['tls', 'quic'] as const) {
      const told = (eve[key] ?? {}) as { ja3?: Hashed; ja3s?: Hashed; ja4?: string };
      put('ja4', told.ja4, hello);
      put('ja3', told.ja3?.hash, null);
      put('ja3 text', told.ja3?.string, null);
      put('ja3s', told.ja3s?.hash, null);
      put('ja3s text', told.ja3s?.string, null);
    }
    put('ja3s', event.values.retryJa3s, null);
    const ssh = (eve.ssh ?? {}) as { client?: { hassh?: Hashed }; server?: { hassh?: Hashed } };
    put('hassh', ssh.client?.hassh?.hash, null);
    put('hassh server', ssh.server?.hassh?.hash, null);
  }
  return found;
}

function helloOf({ values, eve }: ToldEvent): Hello {
  const quic = (eve?.quic ?? {}) as Values;
  const { clientHandshake } = values as { clientHandshake?: { version?: string } };
  const alpn = (values.clientAlpns ?? values.alpn ?? firstAlpn(quic) ?? []) as string[];
  return { sni: textOf(values.sni ?? quic.sni), alpn, version: clientHandshake?.version ?? '' };
}

/** Lines of QUIC carry the protocols offered among the extensions. */
function firstAlpn(quic: Values): string[] | undefined {
  const extensions = (quic.extensions ?? []) as { type: number; values?: string[] }[];
  return extensions.find(({ type }) => type === 16)?.values;
}

// --- theirs ----------------------------------------------------------------------------------------------------------

const expected = (folder: string): string => join(corpusFolder, folder, 'expected');
const filesIn = (folder: string, end: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(end)) : [];

/** All of them, of captures that the corpus has. */
export function readWanted(captures: ReadonlySet<string>): Wanted[] {
  const all = [...foxioPython(), ...foxioRust(), ...ndpi(), ...suricata(captures), ...tshark(), ...arkime(captures)];
  return all.filter(({ capture }) => captures.has(capture));
}

/** JSON: streams with JA4.1, JA4.2 … */
function* foxioPython(): Generator<Wanted> {
  const folder = join(expected('ja4'), 'python');
  for (const name of filesIn(folder, '.json')) {
    for (const stream of JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>[]) {
      const ends = endsOf(stream.src, stream.srcport, stream.dst, stream.dstport);
      for (const [key, value] of Object.entries(stream)) {
        if (!/^JA4(\.\d+)?$/.test(key)) continue;
        yield { capture: `ja4/${name.replace(/\.json$/, '')}`, peer: 'foxio', kind: 'ja4', value, ends };
      }
    }
  }
}

/** YAML of flat maps: each stream begins with a dash, and `ja4:` stands behind its ends. */
function* foxioRust(): Generator<Wanted> {
  const folder = join(expected('ja4'), 'rust');
  for (const name of filesIn(folder, '.snap')) {
    const capture = `ja4/${name.replace(/^ja4__insta_/, '').replace(/\.snap$/, '')}`;
    for (const stream of readFileSync(join(folder, name), 'utf8').split(/^- /m)) {
      const at = (key: string): string => new RegExp(`^ *${key}: (\\S+)$`, 'm').exec(stream)?.[1] ?? '';
      const value = at('ja4');
      if (value === '') continue;
      const ends = endsOf(at('src'), at('src_port'), at('dst'), at('dst_port'));
      yield { capture, peer: 'foxio', kind: 'ja4', value, ends };
    }
  }
}

const ndpiLine = /^\t\d+\t\S+ (\S+):(\d+) <?-> (\S+):(\d+) .*$/gm;
const ndpiMarks: readonly (readonly [FingerprintKind, RegExp])[] = [
  ['ja4', /\[JA4: (\w+)\]/],
  ['ja3', /\[JA3C: (\w+)\]/],
  ['ja3s', /\[JA3S: (\w+)/],
  ['hassh', /\[HASSH-C: (\w+)\]/],
  ['hassh server', /\[HASSH-S: (\w+)\]/],
];
const bare = (address: string): string => address.replace(/^\[|\]$/g, '');

/** Text: one flow a line. */
function* ndpi(): Generator<Wanted> {
  for (const name of filesIn(expected('ndpi'), '.out')) {
    const capture = `ndpi/${name.replace(/\.out$/, '')}`;
    for (const [line, aIp, aPort, bIp, bPort] of readFileSync(join(expected('ndpi'), name), 'latin1').matchAll(
      ndpiLine,
    )) {
      const ends = endsOf(bare(aIp), aPort, bare(bIp), bPort);
      for (const [kind, mark] of ndpiMarks) {
        const value = mark.exec(line)?.[1];
        if (value === undefined) continue;
        yield { capture, peer: 'ndpi', kind, value: kind === 'ja4' ? value : value.toLowerCase(), ends };
      }
    }
  }
}

const eveKeys: Readonly<Record<string, FingerprintKind>> = {
  'tls.ja4': 'ja4',
  'quic.ja4': 'ja4',
  'tls.ja3.hash': 'ja3',
  'quic.ja3.hash': 'ja3',
  'tls.ja3.string': 'ja3 text',
  'quic.ja3.string': 'ja3 text',
  'tls.ja3s.hash': 'ja3s',
  'quic.ja3s.hash': 'ja3s',
  'tls.ja3s.string': 'ja3s text',
  'quic.ja3s.string': 'ja3s text',
  'ssh.client.hassh.hash': 'hassh',
  'ssh.server.hassh.hash': 'hassh server',
};

interface SuricataTest {
  readonly checks: readonly { readonly count: number; readonly match: Values }[];
}

/** Checks of EVE lines, whatever the options of the test: we have no switch for fingerprints. */
function* suricata(captures: ReadonlySet<string>): Generator<Wanted> {
  for (const capture of captures) {
    const file = join(expected('suricata'), `${capture.replace(/^suricata\//, '')}.checks.json`);
    if (!capture.startsWith('suricata/') || !existsSync(file)) continue;
    for (const { checks } of JSON.parse(readFileSync(file, 'utf8')) as SuricataTest[]) {
      for (const { count, match } of checks.filter((check) => check.count > 0)) {
        for (const [key, value] of Object.entries(match)) {
          const kind = eveKeys[key];
          if (kind === undefined || typeof value !== 'string' || count === 0) continue;
          yield { capture, peer: 'suricata', kind, value, ends: '' };
        }
      }
    }
  }
}

/** Counts by digest, for whole captures. */
function* tshark(): Generator<Wanted> {
  // A line of reference.jsonl; the reader of captures.ts names other parts of it.
  for (const [capture, { tls }] of readReferences() as unknown as ReadonlyMap<string, TalkReference>) {
    for (const value of Object.keys(tls?.ja3 ?? {})) yield { capture, peer: 'tshark', kind: 'ja3', value, ends: '' };
    for (const value of Object.keys(tls?.ja3s ?? {})) yield { capture, peer: 'tshark', kind: 'ja3s', value, ends: '' };
  }
}

interface ArkimeEnd {
  readonly ip: string;
  readonly port?: number;
}
interface ArkimeBody {
  readonly source: ArkimeEnd;
  readonly destination: ArkimeEnd;
  readonly tls?: Readonly<Record<'ja3' | 'ja3s' | 'ja4' | 'ja3string' | 'ja3sstring', readonly string[] | undefined>>;
  readonly ssh?: { readonly hassh?: readonly string[]; readonly hasshServer?: readonly string[] };
}

/** JSON: sessions, with what was seen in either direction. */
function* arkime(captures: ReadonlySet<string>): Generator<Wanted> {
  const byStem = new Map([...captures].map((path) => [path.replace(/\.[a-z0-9]+$/, ''), path]));
  for (const name of filesIn(expected('arkime'), '.test.json')) {
    const capture = byStem.get(`arkime/${name.replace(/\.test\.json$/, '')}`);
    if (capture === undefined) continue;
    const text = readFileSync(join(expected('arkime'), name), 'utf8');
    for (const { body } of (JSON.parse(text) as { sessions3: { body: ArkimeBody }[] }).sessions3) {
      const { source, destination, tls, ssh } = body;
      const ends = endsOf(source.ip, source.port ?? 0, destination.ip, destination.port ?? 0);
      const lists: readonly (readonly [FingerprintKind, readonly string[] | undefined])[] = [
        ['ja4', tls?.ja4],
        ['ja3', tls?.ja3],
        ['ja3 text', tls?.ja3string],
        ['ja3s', tls?.ja3s],
        ['ja3s text', tls?.ja3sstring],
        ['hassh', ssh?.hassh],
        ['hassh server', ssh?.hasshServer],
      ];
      for (const [kind, values] of lists)
        for (const value of values ?? []) yield { capture, peer: 'arkime', kind, value, ends };
    }
  }
}
