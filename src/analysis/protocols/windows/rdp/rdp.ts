// RDP (MS-RDPBCGR): how a session is asked for, which security is chosen, what the client tells; then TLS, or silence.
//
//    TPKT (RFC 1006): 3, 0, length (2) | X.224: length, type (e0 request, d0 confirmation, f0 data) | ...

import {
  type EventOf,
  findByte,
  flag,
  hasAscii,
  number,
  object,
  text,
  texts,
  u16,
  u16le,
  u32le,
  wireText,
} from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  onPort,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../../protocol.ts';
import {
  buildName,
  capabilityNames,
  failureName,
  keyboardName,
  layoutName,
  layoutTag,
  levelName,
  methodName,
  protocolName,
  systemName,
  versionName,
} from './names.ts';
import { type ClientSettings, readClient, readServer } from './settings.ts';

const fields = {
  step: text('Step', { eve: 'rdp.event_type' }),
  stepId: number('Number of the step', { eve: 'rdp.tx_id' }),
  cookie: text('User asked for', { eve: 'rdp.cookie', zeek: 'cookie', filter: 'rdp.rt_cookie' }),
  client: object('Client', { eve: 'rdp.client' }),
  channels: texts('Channels', { eve: 'rdp.channels', zeek: 'client_channels' }),
  requestedProtocols: texts('Security asked for'),
  result: text('Result', { zeek: 'result' }),
  securityProtocol: text('Security chosen', { zeek: 'security_protocol' }),
  keyboardLayout: text('Keyboard layout', { eve: false, zeek: 'keyboard_layout' }),
  clientBuild: text('Version of the client', { eve: false, zeek: 'client_build' }),
  clientName: text('Name of the client', { eve: false, zeek: 'client_name', filter: 'rdp.client.name' }),
  clientProductId: text('Product of the client', { eve: false, zeek: 'client_dig_product_id' }),
  desktopWidth: number('Width of the desktop', { eve: false, zeek: 'desktop_width' }),
  desktopHeight: number('Height of the desktop', { eve: false, zeek: 'desktop_height' }),
  colorDepth: text('Colours asked for', { eve: false, zeek: 'requested_color_depth' }),
  certificateType: text('Kind of certificate', { eve: false, zeek: 'cert_type' }),
  certificates: number('Certificates', { eve: false, zeek: 'cert_count' }),
  isPermanent: flag('Certificate is permanent', { eve: false, zeek: 'cert_permanent' }),
  encryptionLevel: text('Encryption level', { zeek: 'encryption_level' }),
  encryptionMethod: text('Encryption method', { zeek: 'encryption_method' }),
};
type Event = EventOf<typeof fields>;

const connectionRequest = 0xe0;
const connectionConfirm = 0xd0;
const dataType = 0xf0;
/** Longer messages do not occur while a session is set up. */
const messageLimit = 16_384;
const want32Bits = 2;

class RdpTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #log: Event = { certificates: 0 };
  readonly #startUs: number;
  #steps = 0;
  #isConfirmed = false;
  #isTold = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
    this.#startUs = conversation.timeUs;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= 7 && !this.#isTold) {
      const length = u16(b, o + 2);
      if (b[o] !== 3 || length < 7 || length > messageLimit) {
        if (!this.#isConfirmed) return notMine;
        this.#finish();
        return end - at;
      }
      if (end - o < length) break;
      this.#message(side, b, o + 4, o + length);
      o += length;
    }
    return o - at;
  }

  end(): void {
    this.#tellLog();
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    const type = b[at + 1] & 0xf0;
    if (type === connectionRequest) {
      if (!this.#isConfirmed && side === 1) this.#conversation.swap();
      this.#request(b, at, end);
    } else if (type === connectionConfirm) {
      if (!this.#isConfirmed && side === 0) this.#conversation.swap();
      this.#isConfirmed = true;
      this.#conversation.confirm();
      this.#confirmation(b, at, end);
    } else if (type === dataType && b[at + 3] === 0x7f && b[at + 4] === 0x65) this.#connect(b, at + 3, end);
    else if (type === dataType && b[at + 3] === 0x7f && b[at + 4] === 0x66) this.#connected(b, at + 3, end);
  }

  /** Length, type, references (4), class, then a cookie or token up to the end of the line, and what is asked for. */
  #request(b: Uint8Array, at: number, end: number): void {
    const event: Event = { step: 'initial_request' };
    let o = at + 7;
    const line = findByte(b, o, end, 0x0a);
    if (line > 0 && hasAscii(b, o, end, 'Cookie: ')) {
      const from = o + 'Cookie: mstshash='.length;
      if (hasAscii(b, o, end, 'Cookie: mstshash=')) {
        event.cookie = wireText(b, from, Math.min(b[line - 1] === 0x0d ? line - 1 : line, from + 256));
        this.#log.cookie = event.cookie;
      }
      o = line + 1;
    } else if (line > 0 && b[line - 1] === 0x0d) o = line + 1;
    if (end - o >= 8 && b[o] === 1) {
      event.requestedProtocols = requested(u32le(b, o + 4));
      this.#log.requestedProtocols = event.requestedProtocols;
    }
    this.#step(event, 0);
  }

  #confirmation(b: Uint8Array, at: number, end: number): void {
    const event: Event = { step: 'initial_response' };
    const o = at + 7;
    let protocol = 0;
    if (end - o >= 8 && b[o] === 3) {
      this.#log.result = failureName(u32le(b, o + 4));
      event.result = this.#log.result;
      this.#step(event, 1);
      return;
    }
    if (end - o >= 8 && b[o] === 2) protocol = u32le(b, o + 4);
    this.#log.securityProtocol = protocolName(protocol);
    event.securityProtocol = this.#log.securityProtocol;
    this.#step(event, 1);
    if (protocol === 0) return;
    this.#log.result = 'encrypted';
    this.#tellLog();
    this.#conversation.become('tls');
  }

  #connect(b: Uint8Array, at: number, end: number): void {
    const event: Event = { step: 'connect_request' };
    const settings = readClient(b, at, end);
    if (settings !== null) {
      event.client = clientPart(settings);
      if (settings.channels.length > 0) event.channels = settings.channels;
      setClient(this.#log, settings);
    }
    this.#step(event, 0);
  }

  /** Tag (2), length, then the result as an enumeration. */
  #connected(b: Uint8Array, at: number, end: number): void {
    const o = at + 3 + (b[at + 2] > 0x80 ? b[at + 2] & 0x7f : 0);
    if (o + 3 <= end && b[o] === 0x0a) this.#log.result = b[o + 2] === 0 ? 'Success' : `result-${b[o + 2]}`;
    const settings = readServer(b, at, end);
    if (settings !== null) {
      this.#log.encryptionMethod = methodName(settings.method);
      this.#log.encryptionLevel = levelName(settings.level);
      if (settings.certificate === 1) {
        this.#log.certificateType = 'RSA';
        this.#log.certificates = 1;
      } else if (settings.certificate === 2) this.#log.certificateType = 'X.509';
      if (settings.certificate !== 0) this.#log.isPermanent = settings.isPermanent;
    }
    this.#isConfirmed = true;
    this.#conversation.confirm();
    this.#step({ step: 'connect_response' }, 1);
    this.#finish();
  }

  #step(event: Event, side: Side): void {
    event.stepId = this.#steps++;
    this.#conversation.emit(event, { side, only: 'eve' });
  }

  #finish(): void {
    this.#tellLog();
    this.#conversation.done();
  }

  #tellLog(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { cookie, result, keyboardLayout } = this.#log;
    if ((cookie ?? result ?? keyboardLayout) === undefined) return;
    this.#conversation.emit(this.#log, { timeUs: this.#startUs, side: 0, only: 'log' });
  }
}

function requested(bits: number): string[] {
  if (bits === 0) return ['RDP'];
  return [1, 2, 4, 8].filter((bit) => (bits & bit) !== 0).map(protocolName);
}

function clientPart(settings: ClientSettings): Record<string, unknown> {
  const part: Record<string, unknown> = {
    version: versionName(settings.version),
    desktop_width: settings.width,
    desktop_height: settings.height,
    keyboard_layout: layoutTag(settings.layout),
    build: systemName(settings.build),
  };
  if (settings.colorDepth > 0) part.color_depth = settings.colorDepth;
  if (settings.name !== '') part.client_name = settings.name;
  const keyboard = keyboardName(settings.keyboardType);
  if (keyboard !== undefined) part.keyboard_type = keyboard;
  if (settings.functionKeys !== 0) part.function_keys = settings.functionKeys;
  if (settings.productId !== 0) part.product_id = settings.productId;
  const capabilities = capabilityNames(settings.capabilities);
  if (capabilities.length > 0) part.capabilities = capabilities;
  if (settings.digitalProductId) part.id = settings.digitalProductId;
  return part;
}

function setClient(log: Event, settings: ClientSettings): void {
  log.keyboardLayout = layoutName(settings.layout);
  log.clientBuild = buildName(settings.build);
  log.clientName = settings.name;
  if (settings.digitalProductId !== undefined) log.clientProductId = settings.digitalProductId;
  log.desktopWidth = settings.width;
  log.desktopHeight = settings.height;
  const wants32 = (settings.capabilities & want32Bits) !== 0;
  if (wants32 || settings.highColorDepth > 0) log.colorDepth = wants32 ? '32bit' : `${settings.highColorDepth}bit`;
  if (settings.channels.length > 0) log.channels = settings.channels;
}

const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 3) return probed.no;
  if (end - at < 11) return end - at > 1 && b[at + 1] !== 0 ? probed.no : probed.maybe;
  const length = u16(b, at + 2);
  const type = b[at + 5];
  // The length inside is that of the head without itself; both references of a request are 0.
  if (b[at + 1] !== 0 || length < 11 || b[at + 4] !== length - 5) return probed.no;
  if (type !== connectionRequest && type !== connectionConfirm) return probed.no;
  if (length === 11) return hint.isPort ? probed.yes : probed.no;
  if (end - at < 15) return probed.maybe;
  const o = at + 11;
  if (type === connectionConfirm) return (b[o] === 2 || b[o] === 3) && u16le(b, o + 2) === 8 ? probed.yes : probed.no;
  if (hasAscii(b, o, end, 'Cook')) return probed.yes;
  return b[o] === 1 && u16le(b, o + 2) === 8 ? probed.yes : probed.no;
};

export const rdp = defineProtocol({
  name: 'rdp',
  title: 'RDP',
  family: 'login',
  zeekLog: 'rdp',
  zeekService: 'rdp',
  ports: { tcp: [3389] },
  fields,
  probe: startingWith(oneOf(3), probe),
  open: (conversation) => new RdpTalk(conversation),
});

/** RDP over UDP (MS-RDPEUDP) begins with a datagram that is filled up: no acknowledgement, a window, the flag SYN. */
const udpProbe: Probe = (b, at, end, hint) => {
  if (end - at < 16) return probed.no;
  const flags = u16(b, at + 6);
  const isFirst = b[at] === 0xff && b[at + 1] === 0xff && b[at + 2] === 0xff && b[at + 3] === 0xff && (flags & 1) !== 0;
  const isAnswer = (flags & 5) === 5 && flags < 0x4000;
  return (isFirst || isAnswer) && hint.length >= 1000 ? probed.yes : probed.no;
};

/** Of sessions over UDP only the name is told: all of it is encrypted. */
export const rdpUdp = defineProtocol({
  name: 'rdp_udp',
  title: 'RDP over UDP',
  family: 'login',
  zeekService: 'rdpeudp',
  ports: { udp: [3389] },
  fields: {},
  probe: onPort(udpProbe),
});
