// What conversations share: where they tell, what they may use, and between whom they are.

import type { AnyEvent, Crypto, KeyLog } from '../../core/index.ts';
import type { EmitOptions, Expectation, Protocol } from '../protocols/protocol.ts';
import type { FlowVoice } from './flow-voice.ts';
import type { Probing } from './probing.ts';
import type { ByteBudget } from './side-buffer.ts';

/** What all conversations share, and where they tell. */
export interface TalkHost {
  readonly probing: Probing;
  readonly crypto: Crypto;
  readonly keys: KeyLog;
  readonly budget: ByteBudget;
  /** What talks of several flows share; see Conversation.shared. */
  readonly store: Map<string, unknown>;
  emitted(talk: FlowVoice, protocol: Protocol, event: AnyEvent, options: EmitOptions | undefined): void;
  /** For detectors alone. */
  shown(talk: FlowVoice, kind: string, event: AnyEvent): void;
  weird(talk: FlowVoice, name: string, detail: string | undefined): void;
  expected(talk: FlowVoice, expectation: Expectation): void;
  /** A protocol threw: it is switched off for this flow. */
  threw(protocol: Protocol, error: unknown): void;
  /** Talks that were ended by a bound, by its name. */
  bounded(bound: 'side' | 'total' | 'repeats'): void;
}

/** Addresses and ports of a flow, originator first. */
export interface Endpoints {
  readonly flowId: number;
  readonly proto: number;
  readonly ipVersion: number;
  readonly oWords: readonly [number, number, number, number];
  readonly rWords: readonly [number, number, number, number];
  readonly oPort: number;
  readonly rPort: number;
  /** Index of the interface in its source; VLAN ids, -1 when untagged. */
  readonly iface: number;
  readonly vlanOuter: number;
  readonly vlanInner: number;
}
