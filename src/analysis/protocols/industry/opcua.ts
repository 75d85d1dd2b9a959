// OPC UA over TCP (OPC 10000-6, UA Connection Protocol and secure conversation): endpoints, security, services and results.
//
//   +-------------+-------+----------------+-- … --+   numbers are little endian
//   | HEL ACK ERR | F C A | length, itself | body  |   OPN, MSG and CLO: channel, security, sequence, request, service
//   +-------------+-------+----------------+-------+

import { type AnyEvent, flag, hasAscii, number, text, u16le, u32le, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const fields = {
  service: text('Service', { filter: 'opcua.servicenodeid.numeric' }),
  endpoint: text('Endpoint', { filter: 'opcua.transport.endpoint' }),
  securityPolicy: text('Security policy', { filter: 'opcua.security.spu' }),
  channel: number('Secure channel', { filter: 'opcua.transport.scid' }),
  requestId: number('Request', { filter: 'opcua.security.rqid' }),
  success: flag('Success'),
  status: text('Status code'),
  isControl: flag('Writes or calls'),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Requests waiting for an answer. */
const pendingLimit = 128;
const keptBytes = 2048;
const lengthLimit = 1 << 26;

/** Services by the identifier of their request's type; that of its binary encoding is two higher. */
const services: Readonly<Record<number, string>> = {
  395: 'service_fault',
  420: 'find_servers',
  426: 'get_endpoints',
  435: 'register_server',
  444: 'open_secure_channel',
  450: 'close_secure_channel',
  459: 'create_session',
  465: 'activate_session',
  471: 'close_session',
  477: 'cancel',
  486: 'add_nodes',
  492: 'add_references',
  498: 'delete_nodes',
  504: 'delete_references',
  525: 'browse',
  531: 'browse_next',
  552: 'translate_browse_paths',
  558: 'register_nodes',
  564: 'unregister_nodes',
  629: 'read',
  662: 'history_read',
  671: 'write',
  698: 'history_update',
  710: 'call',
  749: 'create_monitored_items',
  761: 'modify_monitored_items',
  767: 'set_monitoring_mode',
  779: 'delete_monitored_items',
  785: 'create_subscription',
  791: 'modify_subscription',
  797: 'set_publishing_mode',
  824: 'publish',
  830: 'republish',
  845: 'delete_subscriptions',
};
const changing = new Set(['write', 'call', 'add_nodes', 'delete_nodes', 'history_update']);
const policyStart = 'http://opcfoundation.org/UA/SecurityPolicy#';

interface Request {
  readonly known: AnyEvent;
  readonly startUs: number;
}

class OpcuaTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending = new Map<number, Request>();
  #isOriented = false;
  #endpoint = '';
  #policy = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    let at = start;
    while (end - at >= 8) {
      const length = u32le(bytes, at + 4);
      if (!isMessage(bytes, at) || length < 8 || length > lengthLimit) {
        if (!this.#isOriented) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      if (end - at < Math.min(length, keptBytes)) break;
      if (!this.#isOriented) {
        this.#isOriented = true;
        const isClient = hasAscii(bytes, at, end, 'HEL');
        const isServer = hasAscii(bytes, at, end, 'ACK') || hasAscii(bytes, at, end, 'ERR');
        if ((isClient && from === 1) || (isServer && from === 0)) {
          this.#told.swap();
          side = otherSide(from);
        }
      }
      this.#message(side, bytes, at, Math.min(end, at + length));
      at += length;
    }
    return at - start;
  }

  end(): void {
    for (const request of this.#pending.values()) this.#emit(request, {});
    this.#pending.clear();
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    const first = b[at];
    this.#told.confirm();
    // H: hello; A: its answer; E: error. None of them has a channel.
    if (first === 0x48) {
      this.#endpoint = textAt(b, at + 28, end);
      this.#ask(0, { service: 'hello' });
    } else if (first === 0x41) this.#answer(0, { success: true });
    else if (first === 0x45 && end - at >= 12) this.#failed(b, at);
    else if (first === 0x4f) this.#opened(side, b, at, end);
    else if (first === 0x4d || first === 0x43) this.#secured(side, b, at, end);
  }

  #failed(b: Uint8Array, at: number): void {
    const status = { success: false, status: statusText(u32le(b, at + 8)) };
    const oldest = this.#pending.keys().next();
    if (oldest.done === false) this.#answer(oldest.value, status);
    else this.#emit({ known: { service: 'error' }, startUs: this.#told.timeUs }, status);
  }

  /** Channel, then the policy, the sender's certificate and the thumbprint of the receiver's. */
  #opened(side: Side, b: Uint8Array, at: number, end: number): void {
    if (end - at < 16) return;
    const policy = textAt(b, at + 12, end);
    if (policy.startsWith(policyStart)) this.#policy = policy.slice(policyStart.length);
    let o = at + 12;
    for (let i = 0; i < 3 && o + 4 <= end; i++) {
      const length = u32le(b, o) | 0;
      o += 4 + Math.max(0, length);
    }
    const channel = u32le(b, at + 8);
    // The identifier of a request stands in the clear only without security.
    const id = this.#policy === 'None' && o + 8 <= end ? u32le(b, o + 4) : -1;
    if (side === 0) this.#ask(id, { service: 'open_secure_channel' });
    else this.#answer(id, { success: true, channel });
  }

  /** Channel, token, sequence, request, and the service's identifier: readable without security only. */
  #secured(side: Side, b: Uint8Array, at: number, end: number): void {
    if (this.#policy !== 'None' && this.#policy !== '') return;
    const o = at + 24;
    if (end - o < 4) return;
    // Chunks after the first have no identifier; those are told by their first.
    const code = b[o] === 1 && b[o + 1] === 0 ? u16le(b, o + 2) : -1;
    const id = u32le(b, at + 20);
    if (side === 1) {
      // Response header: time (8), handle (4), result.
      const result = end - o >= 20 ? u32le(b, o + 16) : 0;
      const isGood = result >>> 30 === 0 && code !== 397;
      this.#answer(id, { success: isGood, ...(result !== 0 && { status: statusText(result) }) });
      return;
    }
    const service = services[code - 2] ?? `unknown-${code}`;
    const known = { service, channel: u32le(b, at + 8), requestId: id, isControl: changing.has(service) };
    this.#ask(id, known);
    if (b[at] === 0x43) this.#answer(id, {});
  }

  #ask(id: number, known: AnyEvent): void {
    const oldest = this.#pending.entries().next();
    if (this.#pending.size >= pendingLimit && oldest.done === false) {
      this.#pending.delete(oldest.value[0]);
      this.#emit(oldest.value[1], {});
    }
    // Further chunks of a request come under the same number.
    if (!this.#pending.has(id)) this.#pending.set(id, { known, startUs: this.#told.timeUs });
  }

  #answer(id: number, answer: AnyEvent): void {
    const request = this.#pending.get(id);
    if (request === undefined) return;
    this.#pending.delete(id);
    const isAnswered = 'success' in answer;
    const latencyUs = Math.max(0, this.#told.timeUs - request.startUs);
    this.#emit(request, { ...answer, ...(isAnswered && { latencyUs }) });
  }

  #emit(request: Request, answer: AnyEvent): void {
    this.#told.emit(
      {
        ...request.known,
        ...answer,
        ...(this.#endpoint !== '' && { endpoint: this.#endpoint }),
        ...(this.#policy !== '' && { securityPolicy: this.#policy }),
      },
      { timeUs: request.startUs },
    );
  }
}

const statusText = (code: number): string => `0x${code.toString(16).padStart(8, '0')}`;

/** A text with four bytes of length; empty when it is cut or null. */
function textAt(b: Uint8Array, o: number, end: number): string {
  if (o + 4 > end) return '';
  const length = u32le(b, o);
  return length > 4096 ? '' : wireText(b, o + 4, Math.min(end, o + 4 + length, o + 4 + 256));
}

const kinds = ['HEL', 'ACK', 'ERR', 'RHE', 'OPN', 'MSG', 'CLO'];

function isMessage(b: Uint8Array, at: number): boolean {
  const chunk = b[at + 3];
  if (chunk !== 0x46 && chunk !== 0x43 && chunk !== 0x41) return false;
  for (const kind of kinds) if (hasAscii(b, at, at + 3, kind)) return true;
  return false;
}

/** A message's name, the mark of a final or further chunk, and a plausible length. */
const probe: Probe = (b, at, end) => {
  const c = b[at];
  if (c !== 0x48 && c !== 0x41 && c !== 0x45 && c !== 0x52 && c !== 0x4f && c !== 0x4d && c !== 0x43) return probed.no;
  if (end - at < 4) {
    for (const kind of kinds) if (hasAscii(b, at, end, kind.slice(0, end - at))) return probed.maybe;
    return probed.no;
  }
  if (!isMessage(b, at)) return probed.no;
  if (end - at < 8) return probed.maybe;
  const length = u32le(b, at + 4);
  return length >= 12 && length < 1 << 24 && b[at + 7] === 0 ? probed.yes : probed.no;
};

export const opcua = defineProtocol({
  name: 'opcua',
  title: 'OPC UA',
  family: 'industry',
  ports: { tcp: [4840] },
  fields,
  probe: startingWith((first) => kinds.some((kind) => kind.charCodeAt(0) === first), probe),
  open: (conversation) => new OpcuaTalk(conversation),
});
