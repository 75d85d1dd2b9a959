// Names of flows between threads: numbers in the record, words on this side.

import { carriedLogins, confidenceOf, type Protocol, protocols } from '../../../analysis/protocols/index.ts';
import { serviceNames } from '../../../analysis/servers/index.ts';
import { howOf, loginsOf, nameBits, namesOf, weird } from '../../../analysis/talks/index.ts';
import type { Flow } from '../../../core/index.ts';

/** Kinds of events, by number in the queue. */
export const eventKinds: readonly Protocol[] = [...protocols, weird];

const mask = (1 << nameBits) - 1;
const howBits = 3 << (3 * nameBits);

/** Protocols inside which others are told; RDP keeps its name when it goes over to TLS. */
const carriers = new Set(['tls', 'dtls', 'quic', 'stun', 'rdp', 'smb']);

/** Turns name words into names. */
export class FlowNames {
  readonly #names = namesOf(eventKinds);
  /** EVE's words by number: those of the protocol, also for a more exact name. */
  readonly #eve = new Map<string, string>();
  readonly #zeek = new Map<string, string>();
  /** Zeek's words by name word without how: few are met. */
  readonly #services = new Map<number, string>();

  constructor() {
    for (const protocol of protocols) {
      const eve = protocol.eveApp ?? protocol.name;
      for (const name of [protocol.name, ...(protocol.variants ?? [])]) {
        this.#eve.set(name, eve);
        if (protocol.zeekService !== undefined) this.#zeek.set(name, protocol.zeekService);
      }
    }
  }

  /** @param word,service name word and service number of the record */
  fill(flow: Flow, word: number, service: number): void {
    flow.service = serviceNames[service] ?? '';
    if (word === 0) {
      flow.app = '';
      flow.app2 = '';
      flow.app3 = '';
      flow.eveApp = '';
      flow.eveAppBefore = '';
      flow.zeekServices = '';
      flow.appHow = '';
      flow.appConfidence = 0;
      return;
    }
    const second = (word >>> nameBits) & mask;
    const third = (word >>> (2 * nameBits)) & mask;
    const how = howOf(word);
    flow.app = this.#names[word & mask];
    flow.app2 = second === 0 ? '' : this.#names[second];
    flow.app3 = third === 0 ? '' : this.#names[third];
    this.#fillEve(flow);
    flow.zeekServices = how === 'port' ? '' : this.#servicesOf(word & ~howBits);
    flow.appHow = how;
    flow.appConfidence = confidenceOf[how];
  }

  /** What is told inside another protocol, which goes on around it, is no change. */
  #fillEve(flow: Flow): void {
    const { app, app2, app3 } = flow;
    let last = app;
    for (const next of [app2, app3]) if (next !== '' && !carriers.has(last)) last = next;
    const before = this.#eve.get(app) ?? '';
    flow.eveApp = this.#eve.get(last) ?? '';
    flow.eveAppBefore = before === flow.eveApp ? '' : before;
  }

  #servicesOf(word: number): string {
    const known = this.#services.get(word);
    if (known !== undefined) return known;
    const words = [word & mask, (word >>> nameBits) & mask, (word >>> (2 * nameBits)) & mask].map((number) =>
      this.#zeek.get(this.#names[number]),
    );
    for (const [i, login] of carriedLogins.entries()) if ((loginsOf(word) & (1 << i)) !== 0) words.push(login);
    const text = [...new Set(words.filter((word) => word !== undefined))].join(',');
    this.#services.set(word, text);
    return text;
  }
}
