// DCSync (MITRE ATT&CK T1003.006): somebody who is no domain controller asks one for the secrets of its accounts, by
// DRSGetNCChanges (MS-DRSR 4.1.10).

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector, type Surroundings, type Watch } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { callOf, numberOf } from './calls.ts';

const options = { calls: count(1, 'Calls before it is told') };

/** Calls of a replication by number, for conversations whose beginning was not seen. */
const changes = 3;
const crackNames = 12;
const controllerInfo = 16;

/** Steps of the usual order in one conversation. */
const sawInfo = 1;
const sawNames = 2;

class DcsyncWatch implements Watch {
  readonly #around: Surroundings<typeof options>;
  readonly #controllers;
  readonly #flows;
  readonly #seen: Repeats;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#controllers = around.table({ capacity: 512, keyWords: 5, idleSec: 86_400 });
    this.#flows = around.table({ capacity: 256, keyWords: 2, words: 1, idleSec: 600 });
    this.#seen = new Repeats(around.table(repeatsTable(128)), around.now);
  }

  readonly events = {
    // Who answers these is a domain controller.
    kerberos: (_event: AnyEvent, at: EventPlace): void => this.#isController(at),
    dcerpc: (event: AnyEvent, at: EventPlace): void => this.#call(event, at),
  };

  #isController(at: EventPlace): void {
    this.#controllers.claim(this.#around.now.sec, at.ipVersion, at.s0, at.s1, at.s2, at.s3);
  }

  #call(event: AnyEvent, at: EventPlace): void {
    const call = callOf(event, at);
    if (call === 'drsuapi DRSGetNCChanges') this.#found(at, 1, call);
    else if (call.startsWith('drsuapi ')) this.#isController(at);
    else if (at.only === 'eve' && event.interfaces === undefined) this.#unnamed(event, at);
  }

  /** Without its beginning a call has only a number and sizes: the order is that of replication. */
  #unnamed(event: AnyEvent, at: EventPlace): void {
    const asked = event.req as AnyEvent | null | undefined;
    const answered = event.res as AnyEvent | null | undefined;
    if (event.request !== 'REQUEST' || at.sPort < 1024 || !asked || !answered) return;
    const opnum = numberOf(asked.opnum);
    const bit = opnum === controllerInfo ? sawInfo : opnum === crackNames ? sawNames : 0;
    if (bit === 0 && opnum !== changes) return;
    const low = (at.flowId % 0x1_0000_0000) | 0;
    const row = this.#flows.claim(this.#around.now.sec, low, Math.floor(at.flowId / 0x1_0000_0000));
    if (row < 0) return;
    const o = this.#flows.at(row);
    const w = this.#flows.words;
    w[o] |= bit;
    if (opnum !== changes || w[o] !== (sawInfo | sawNames)) return;
    if (numberOf(answered.stub_data_size) > 2 * numberOf(asked.stub_data_size)) {
      this.#found(at, 0.6, 'call 3 after 16 and 12, of an interface that was not named');
    }
  }

  #found(at: EventPlace, confidence: number, what: string): void {
    if (this.#controllers.find(at.ipVersion, at.c0, at.c1, at.c2, at.c3) >= 0) return;
    const repeated = this.#seen.pair(at, 0, this.#around.options.calls);
    if (repeated === null) return;
    const client = clientOf(at);
    const server = serverOf(at);
    this.#around.raise({
      key: `${client} → ${server}`,
      sources: [client],
      targets: [server],
      confidence,
      observed: repeated.count,
      threshold: this.#around.options.calls,
      unit: 'calls',
      firstUs: repeated.firstUs,
      firstPacket: repeated.firstPacket,
      count: repeated.count,
      explain: `${client}, which was not seen to be a domain controller, asked ${server} for secrets of accounts (${counted(repeated.count, 'call')}: ${what}).`,
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && dcerpc.opnum == 3`,
    });
  }
}

export const dcsync = defineDetector({
  name: 'lateral.dcsync',
  title: 'Secrets of a domain asked for (DCSync)',
  version: 1,
  severity: 'high',
  mitre: 'T1003.006',
  meaning: 'The answer holds the password hashes of accounts, krbtgt among them: with it the whole domain is lost.',
  benign: 'Domain controllers ask each other all day; so does Azure AD Connect. A capture may not show that it is one.',
  next: 'See whether the source is a domain controller. If not, reset krbtgt twice and look for how it got so far.',
  options,
  open: (around) => new DcsyncWatch(around),
});
