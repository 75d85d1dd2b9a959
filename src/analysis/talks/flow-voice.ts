// What a flow's conversation knows of itself and passes on: ends, times, names, events.

import { type AnyEvent, type Crypto, formatAddress, type KeyLog } from '../../core/index.ts';
import {
  type CarriedLogin,
  carriedLogins,
  type EmitOptions,
  type Expectation,
  type How,
  type Protocol,
  type Side,
} from '../protocols/protocol.ts';
import type { Endpoints, TalkHost } from './talk-host.ts';

/** Names kept of one flow: what it is, and what it changed to. */
const nameLimit = 3;
/** Most flows never need a list of their own. */
export const none: readonly never[] = [];

/** The part of a conversation that its talk speaks through; how bytes come to the talk is in flow-talk.ts. */
export class FlowVoice {
  readonly ends: Endpoints;
  readonly host: TalkHost;
  readonly crypto: Crypto;
  readonly keys: KeyLog;
  timeUs = 0;
  firstUs = 0;
  packet = 0;
  missing = 0;
  earlier = 0;
  given: unknown = undefined;
  /** Nothing more is wanted. */
  isOver = false;
  /** Nothing is open: it may be forgotten until more comes. */
  isResting = false;
  /** Numbers of the names found, the flow's own first; see Probing.names. */
  apps: readonly number[] = none;
  how: How | null = null;
  /** Server name asked for, for the flow's service. */
  server: string | null = null;
  /** Kept by who writes events: text that is the same for all of this flow. */
  envelope: unknown = null;
  /** Logins carried inside, as bits in the order of carriedLogins. */
  logins = 0;
  /** Contradictions already told. */
  weirds: readonly string[] = none;
  /** The sides were told the wrong way round. */
  isSwapped = false;
  /** What speaks; null while that is not known. */
  protocol: Protocol | null = null;
  protected readonly parent: FlowVoice | null;

  /** @param parent the conversation that this one was carried inside, null for that of the flow itself */
  constructor(host: TalkHost, ends: Endpoints, parent: FlowVoice | null = null) {
    this.ends = ends;
    this.host = host;
    this.crypto = host.crypto;
    this.keys = host.keys;
    this.parent = parent;
    this.isSwapped = parent?.isSwapped ?? false;
  }

  get flowId(): number {
    return this.ends.flowId;
  }
  get proto(): number {
    return this.ends.proto;
  }
  get ipVersion(): number {
    return this.ends.ipVersion;
  }
  get oPort(): number {
    return this.isSwapped ? this.ends.rPort : this.ends.oPort;
  }
  get rPort(): number {
    return this.isSwapped ? this.ends.oPort : this.ends.rPort;
  }
  address(side: Side): string {
    const [a, b, c, d] = this.addressWords(side);
    return formatAddress(this.ends.ipVersion, a, b, c, d);
  }
  addressWords(side: Side): readonly [number, number, number, number] {
    return (side === 0) !== this.isSwapped ? this.ends.oWords : this.ends.rWords;
  }

  emit(event: AnyEvent, options?: EmitOptions): void {
    if (this.protocol !== null) this.emitAs(this.protocol, event, options);
  }
  emitAs(kind: Protocol, event: AnyEvent, options?: EmitOptions): void {
    this.host.emitted(this.root, kind, event, options);
  }
  show(kind: string, event: AnyEvent): void {
    this.host.shown(this.root, kind, event);
  }
  weird(name: string, detail?: string): void {
    this.host.weird(this.root, name, detail);
  }
  confirm(): void {
    this.how = 'handshake';
  }
  rename(name: string): void {
    const number = this.host.probing.numberOf(name);
    const own = this.apps.indexOf(this.host.probing.numberOf(this.protocol?.name ?? ''));
    // Its own name, also when others were found inside since; renamed before, it is the last but for those.
    const at = own >= 0 ? own : this.apps.length - 1;
    if (number !== 0 && at >= 0) this.apps = this.apps.map((app, i) => (i === at ? number : app));
    if (this.parent !== null) this.tellParent(number);
  }
  carries(login: CarriedLogin): void {
    this.root.logins |= 1 << carriedLogins.indexOf(login);
  }
  serverName(name: string): void {
    this.root.server ??= name;
  }
  swap(): void {
    this.isSwapped = !this.isSwapped;
  }
  get after(): string | null {
    const { apps } = this.root;
    const [first] = apps;
    const name = first === undefined ? null : this.host.probing.names[first];
    return name === this.protocol?.name ? null : name;
  }
  shared<T>(key: string, make: () => T): T {
    const { store } = this.host;
    // Whoever asks for a key has made what is under it.
    if (store.has(key)) return store.get(key) as T;
    const made = make();
    store.set(key, made);
    return made;
  }
  expect(expectation: Expectation): void {
    this.host.expected(this.root, expectation);
  }

  /** How many conversations this one is inside of. */
  get depth(): number {
    let depth = 0;
    for (let voice = this.parent; voice !== null; voice = voice.parent) depth++;
    return depth;
  }

  /** The conversation of the flow itself, also for one inside it. */
  get root(): FlowVoice {
    let voice: FlowVoice = this;
    while (voice.parent !== null) voice = voice.parent;
    return voice;
  }

  protected addName(number: number, how: How): void {
    if (this.apps.length === 0) this.how = how;
    // Not spread: that leaves room for sixteen more.
    if (this.apps.length < nameLimit && !this.apps.includes(number)) this.apps = this.apps.concat(number);
    if (this.parent !== null) this.tellParent(number);
  }

  private tellParent(number: number): void {
    const { root } = this;
    const { apps } = root;
    if (number !== 0 && apps.length < nameLimit && !apps.includes(number)) root.apps = apps.concat(number);
  }

  protected namePort(): void {
    if (this.apps.length > 0 || this.parent !== null) return;
    const name = this.host.probing.ofPorts(this.ends.proto, this.rPort, this.oPort);
    if (name !== undefined) this.addName(this.host.probing.numberOf(name), 'port');
  }
}
