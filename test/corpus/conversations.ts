// What TShark found in conversations of a capture against what we tell of it: names asked for, servers, requests.

import type { AnyEvent } from '../../src/core/index.ts';
import type { Story } from './events.ts';

/** Of a line of reference.jsonl. */
export interface TalkReference {
  readonly path: string;
  readonly dns?: { readonly queries: number; readonly responses: number };
  readonly tls?: {
    readonly sni: Readonly<Record<string, number>>;
    readonly ja3: Readonly<Record<string, number>>;
    readonly ja3s: Readonly<Record<string, number>>;
  };
  readonly http?: {
    readonly requests?: readonly {
      readonly frame: number;
      readonly method?: string;
      readonly host?: string;
      readonly uri?: string;
    }[];
  };
}

export interface Lists {
  readonly what: 'sni' | 'host' | 'request' | 'dns';
  readonly wanted: number;
  /** Those that TShark has and we have not. */
  readonly missing: readonly string[];
}

/** Characters of a text that the lists of TShark's keep. */
const listedLength = 300;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inside = (event: AnyEvent | null, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as AnyEvent | null | undefined)?.[key], event);

/** Bytes that are no ASCII are written in different ways: they are compared by what is around them. */
const plain = (value: string): string => value.replace(/\\x[0-9a-f]{2}|[^\x20-\x7e]/gi, '?').slice(0, listedLength);

/** TShark's URI ends at the first space, ours where the version begins. */
const target = (url: string): string => plain(url.split(' ', 1)[0]);

/** A Host field without the port, which EVE tells beside it. */
const hostOf = (field: string): string => plain(field.trim().replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase());

/** Compares names, hosts and targets as sets, DNS questions by their number. */
export function compareTalks(story: Story, reference: TalkReference): Lists[] {
  const lines = story.events.map(({ eve }) => eve).filter((eve) => eve !== null);
  const lists: Lists[] = [];
  const compare = (what: Lists['what'], wanted: readonly string[], found: ReadonlySet<string>): void => {
    if (wanted.length > 0)
      lists.push({ what, wanted: wanted.length, missing: wanted.filter((one) => !found.has(one)) });
  };
  const { tls, http, dns } = reference;
  const sni = lines.map((line) => text(inside(line, 'tls', 'sni') ?? inside(line, 'quic', 'sni')));
  compare('sni', Object.keys(tls?.sni ?? {}).map(plain), new Set(sni.map(plain)));
  const requests = http?.requests ?? [];
  const ours = spoken(story);
  compare('host', filled(requests.map(({ host }) => hostOf(host ?? ''))), ours.hosts);
  compare('request', filled(requests.map(({ uri }) => plain(uri ?? ''))), ours.targets);
  const asked = lines.filter((line) => (['dns', 'mdns', 'llmnr'] as const).some((key) => isQuestion(line, key)));
  const count = dns?.queries ?? 0;
  if (count > 0) {
    const missing = Array<string>(Math.max(0, count - asked.length)).fill('query');
    lists.push({ what: 'dns', wanted: count, missing });
  }
  return lists;
}

const filled = (values: readonly string[]): string[] => values.filter((value) => value !== '');
const isQuestion = (line: AnyEvent, key: string): boolean => inside(line, key, 'type') === 'request';

/** Hosts and targets of requests: HTTP, and SSDP, which TShark reads as HTTP, asks for `*` and names the group it goes to. */
function spoken({ events }: Story): { hosts: ReadonlySet<string>; targets: ReadonlySet<string> } {
  const hosts = new Set<string>();
  const targets = new Set<string>();
  for (const { kind, eve, rIp } of events) {
    if (kind.name === 'ssdp') {
      targets.add('*');
      hosts.add(rIp.includes(':') ? `[${rIp}]` : rIp);
    }
    if (eve?.http === undefined) continue;
    targets.add(target(text(inside(eve, 'http', 'url'))));
    hosts.add(hostOf(text(inside(eve, 'http', 'hostname'))));
  }
  return { hosts, targets };
}
