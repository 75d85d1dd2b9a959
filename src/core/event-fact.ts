// An event on its way to the outputs: what a protocol told, of which flow, and its EVE line where one was wanted.

import type { AnyEvent, FactKind } from './field.ts';

/** Reused for every event: take what you need before you return. */
export class EventFact {
  kind: FactKind = { name: '', title: '', fields: {} };
  timeUs = 0;
  flowId = 0;
  ipVersion = 4;
  proto = 0;
  /** Originator and responder, four words each as in Packet. */
  readonly words = new Int32Array(8);
  oPort = 0;
  rPort = 0;
  /** The finished EVE line with its line feed; empty when it is not for EVE. Lies in memory shared between threads. */
  line: Uint8Array = new Uint8Array(0);
  /** The values as JSON; empty when they are only for EVE. */
  valuesJson = '';

  /** Values by field. */
  values(): AnyEvent {
    return this.valuesJson === '' ? {} : (JSON.parse(this.valuesJson) as AnyEvent);
  }
}
