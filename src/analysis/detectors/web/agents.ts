// What programs call themselves (User-Agent, RFC 9110 §10.1.5): tools that look for weaknesses, and names no program has.

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { clientOf, communityAt, counted, fromHost, serverOf } from '../wording.ts';
import { readerOf } from './attack.ts';

/** Names of tools that look for weaknesses; each says so by itself unless told otherwise. */
const tools =
  /\b(?:sqlmap|nikto|nmap scripting|masscan|zgrab|zmeu|dirbuster|gobuster|feroxbuster|dirsearch|wfuzz|ffuf|wpscan|joomscan|acunetix|nessus|openvas|nuclei|w3af|arachni|skipfish|whatweb|hydra|metasploit|havij|burpcollaborator|netsparker|qualys|jorgee|morfeus|muieblackcat|censysinspect|shodan|l9explore|expanse|hello,? world|mozi\.|sqlninja|commix|xsstrike|fimap|paros|webshag|grabber|vega\/|brutus|medusa)/i;

/** What a program's name says, looked up once for each name; bounded. */
class Names<T> {
  readonly #known = new Map<string, T>();
  readonly #find: (name: string) => T;

  constructor(find: (name: string) => T) {
    this.#find = find;
  }

  of(name: string): T {
    const had = this.#known.get(name);
    if (had !== undefined) return had;
    const found = this.#find(name);
    if (this.#known.size >= 256) this.#known.clear();
    this.#known.set(name, found);
    return found;
  }
}

export const scanner = defineDetector({
  name: 'web.scanner',
  title: 'Scanner of web programs',
  version: 1,
  severity: 'low',
  mitre: 'T1595.002',
  meaning: 'A tool that looks for weaknesses asks the server; what it finds is attacked next.',
  benign: 'Scanners of the own security team, and services that scan the whole Internet.',
  next: 'See what it asked for and what the server answered; block the source when it is not yours.',
  options: {
    requests: count(1, 'Requests before it is told'),
    manyRequests: count(50, 'Requests from which it is medium'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const reader = readerOf(around);
    const seen = new Repeats(table(repeatsTable(256)), now);
    const toolOf = new Names((name) => tools.exec(name.slice(0, 512))?.[0] ?? '');
    const hear = (event: AnyEvent, at: EventPlace): void => {
      if (at.only === 'log') return;
      const { userAgent } = reader.of(event);
      const tool = userAgent === null ? '' : toolOf.of(userAgent);
      if (tool === '') return;
      const repeated = seen.pair(at, 0, options.requests);
      if (repeated === null) return;
      const client = clientOf(at);
      const server = serverOf(at);
      raise({
        key: `${client} → ${server}`,
        sources: [client],
        targets: [server],
        severity: repeated.count >= options.manyRequests ? 'medium' : 'low',
        observed: repeated.count,
        threshold: options.requests,
        unit: 'requests',
        firstUs: repeated.firstUs,
        firstPacket: repeated.firstPacket,
        count: repeated.count,
        explain: `${client} sent ${counted(repeated.count, 'request')} to ${server}:${at.sPort} as ${JSON.stringify(tool)}.`,
        flows: [communityAt(at)],
        filter: `${fromHost(client)} && http.user_agent`,
      });
    };
    return { events: { http_request: hear, http2: hear } };
  },
});

const letters = /^[A-Za-z]{16,64}$/;

/** One run of letters in which large and small ones change too often for words. */
export function isRandom(text: string): boolean {
  if (!letters.test(text)) return false;
  let changes = 0;
  for (let i = 1; i < text.length; i++) {
    const isLarge = text[i] <= 'Z';
    if (isLarge && text[i - 1] > 'Z') changes++;
  }
  const vowels = text.replace(/[^aeiou]/gi, '').length;
  return changes >= 4 && vowels / text.length < 0.32;
}

/** What is odd about a name, and how much that says. */
function oddityOf(userAgent: string | null): readonly [words: string, severity: Severity] | null {
  if (userAgent === null || userAgent === '') return ['without a name of the program', 'info'];
  if (!/[A-Za-z0-9]/.test(userAgent)) return [`as ${JSON.stringify(userAgent.slice(0, 40))}`, 'info'];
  if (isRandom(userAgent)) return [`as ${JSON.stringify(userAgent.slice(0, 64))}, letters without a sense`, 'low'];
  return null;
}

export const oddAgent = defineDetector({
  name: 'web.odd-agent',
  title: 'Program without a proper name',
  version: 1,
  severity: 'info',
  mitre: 'T1071.001',
  meaning: 'Browsers say what they are; programs made in haste, malware among them, say nothing or nonsense.',
  benign: 'Updaters, games and devices often send no name.',
  next: 'Find the program on the client.',
  options: { requests: count(1, 'Requests before it is told') },
  open: (around) => {
    const { options, now, table, raise } = around;
    const reader = readerOf(around);
    const seen = new Repeats(table(repeatsTable(512)), now);
    return {
      events: {
        http_request(event: AnyEvent, at: EventPlace): void {
          const oddity = oddityOf(reader.of(event).userAgent);
          if (oddity === null) return;
          const [words, severity] = oddity;
          const repeated = seen.pair(at, severity.length, options.requests);
          if (repeated === null) return;
          const client = clientOf(at);
          raise({
            key: severity === 'low' ? `${client} nonsense` : client,
            sources: [client],
            targets: [serverOf(at)],
            severity,
            observed: repeated.count,
            threshold: options.requests,
            unit: 'requests',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${client} sent ${counted(repeated.count, 'request')} to ${serverOf(at)}:${at.sPort} ${words}.`,
            flows: [communityAt(at)],
            filter: `${fromHost(client)} && http.request`,
          });
        },
      },
    };
  },
});
