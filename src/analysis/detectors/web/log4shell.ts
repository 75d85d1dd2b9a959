// Log4Shell (CVE-2021-44228): `${jndi:ldap://…}` anywhere in a request, also where letters hide behind lookups; and what it
// leads to: a directory that answers with code to load.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector, type Surroundings } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { readerOf } from './attack.ts';
import { normalised } from './request-reading.ts';

/** Lookups inside lookups are undone so many times. */
const rounds = 6;
const call = /\$\{\s{0,4}jndi\s{0,4}:\s{0,4}(?:ldaps?|rmi|dns|iiop|corba|nds|nis|https?)\s{0,4}:/;

/** Letters that stand inside of `${lower:x}`, `${::-x}`, `${env:NAME:-x}`. */
function resolved(text: string): string {
  let out = text;
  for (let i = 0; i < rounds; i++) {
    const next = out
      .replace(/\$\{(?:lower|upper):([^${}]{0,32})\}/g, '$1')
      .replace(/\$\{[^${}]{0,48}:-([^${}]{0,32})\}/g, '$1');
    if (next === out) break;
    out = next;
  }
  return out;
}

/** Whether a text asks Log4j to look something up in a directory. */
export function asksDirectory(text: string): boolean {
  const plain = text.includes('${') ? text : text.includes('%') ? normalised(text) : '';
  if (!plain.includes('${')) return false;
  return call.test(resolved(plain.slice(0, 8192).toLowerCase()));
}

/** Attributes of an entry that make Java load code (RFC 2713 §3). */
const codeAttributes = new Set(['javacodebase', 'javafactory', 'javaserializeddata', 'javareferenceaddress']);

function hasCode(event: AnyEvent): boolean {
  if (!Array.isArray(event.responses)) return false;
  return event.responses.slice(0, 16).some((response) => {
    const attributes = (response as { search_result_entry?: { attributes?: unknown } } | null)?.search_result_entry
      ?.attributes;
    return (
      Array.isArray(attributes) &&
      attributes
        .slice(0, 64)
        .some((one: { type?: unknown } | null) => codeAttributes.has(String(one?.type).toLowerCase()))
    );
  });
}

function watch(around: Surroundings<{ requests: ReturnType<typeof count> }>) {
  const { options, now, table, raise } = around;
  const reader = readerOf(around);
  const asked = new Repeats(table(repeatsTable(256)), now);
  const answered = new Repeats(table(repeatsTable(64)), now);
  const request = (event: AnyEvent, at: EventPlace): void => {
    if (at.only === 'log') return;
    const { raw, headers, body, method, shown } = reader.of(event);
    if (!asksDirectory(raw) && !asksDirectory(headers) && !asksDirectory(body)) return;
    const repeated = asked.pair(at, 0, options.requests);
    if (repeated === null) return;
    const client = clientOf(at);
    const server = serverOf(at);
    raise({
      key: `${client} → ${server}`,
      sources: [client],
      targets: [server],
      observed: repeated.count,
      threshold: options.requests,
      unit: 'requests',
      firstUs: repeated.firstUs,
      firstPacket: repeated.firstPacket,
      count: repeated.count,
      explain: `${client} sent ${counted(repeated.count, 'request')} that make Log4j look up code in a directory to ${server}:${at.sPort}: ${method} ${shown}`,
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && http.request`,
    });
  };
  const search = (event: AnyEvent, at: EventPlace): void => {
    if (at.only === 'log' || !hasCode(event)) return;
    const repeated = answered.pair(at);
    if (repeated === null) return;
    const client = clientOf(at);
    const server = serverOf(at);
    raise({
      key: `${server} → ${client} answer`,
      sources: [server],
      targets: [client],
      severity: 'critical',
      observed: repeated.count,
      threshold: 1,
      unit: 'answers',
      firstUs: repeated.firstUs,
      firstPacket: repeated.firstPacket,
      count: repeated.count,
      explain: `${client} asked the directory ${server}:${at.sPort} and was told to load code of Java from elsewhere.`,
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && ldap`,
    });
  };
  return { events: { http_request: request, http2: request, ldap: search } };
}

export const log4shell = defineDetector({
  name: 'web.log4shell',
  title: 'Log4Shell',
  version: 1,
  severity: 'high',
  mitre: 'T1190',
  meaning: 'A server that writes this into its log with an old Log4j fetches code from the attacker and runs it.',
  benign: 'Scanners of the own security team. Servers without Java take no harm.',
  next: 'See whether the server opened a connection to the address in the request (LDAP, RMI, DNS) right afterwards.',
  options: { requests: count(1, 'Requests before it is told') },
  open: watch,
});
