// What conversations told before their flow's record came: the name the client asked for and its fingerprint.

import { type EventFact, lowerCase } from '../../../core/index.ts';

/** A flow's name, in lower case, and the JA4 of its client; empty when not known. */
export interface FlowName {
  readonly host: string;
  readonly ja4: string;
}

export const noName: FlowName = { host: '', ja4: '' };
/** Flows that are remembered; the oldest give way. */
const bound = 65_536;

/** By kind: the field that holds the name the client asked for. */
const nameFields: Readonly<Record<string, string>> = {
  dns: 'query',
  http: 'host',
  http2: 'hostname',
  http3: 'hostname',
  tls: 'sni',
  quic: 'sni',
  dtls: 'sni',
};

/** Values of events are what a network said: anything. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Remembers the first name and fingerprint of each flow until its record is written. */
export class FlowNames {
  readonly #known = new Map<number, FlowName>();

  /** Hears an event with its values. */
  hear(fact: EventFact, values: Readonly<Record<string, unknown>>): void {
    const { name } = fact.kind;
    const field = nameFields[name];
    if (field === undefined) return;
    const host = lowerCase(textOf(values[field]) || textOf(values.hostname));
    const ja4 = textOf(values.ja4);
    if (host === '' && ja4 === '') return;
    const before = this.#known.get(fact.flowId);
    if (before === undefined && this.#known.size >= bound) this.#forgetOldest();
    // Of a flow with several requests the first name counts.
    this.#known.set(fact.flowId, { host: before?.host || host, ja4: before?.ja4 || ja4 });
  }

  /** @param isLast nothing more is to come of the flow */
  take(flowId: number, isLast: boolean): FlowName {
    const known = this.#known.get(flowId);
    if (known === undefined) return noName;
    if (isLast) this.#known.delete(flowId);
    return known;
  }

  #forgetOldest(): void {
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}
