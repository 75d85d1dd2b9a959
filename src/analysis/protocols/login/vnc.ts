// VNC, the Remote Framebuffer protocol (RFC 6143; older versions as in its §7.1.2): versions, security, screen.

import {
  type EventOf,
  flag,
  hasAscii,
  hexText,
  masked,
  number,
  text,
  u16,
  u32,
  wireText,
} from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

/** Bytes of a reason or of a desktop's name. */
const nameBytes = 4096;

const fields = {
  serverMajor: text('Version of the server', {
    eve: 'rfb.server_protocol_version.major',
    zeek: 'server_major_version',
  }),
  serverMinor: text('Minor version of the server', {
    eve: 'rfb.server_protocol_version.minor',
    zeek: 'server_minor_version',
  }),
  clientMajor: text('Version of the client', {
    eve: 'rfb.client_protocol_version.major',
    zeek: 'client_major_version',
  }),
  clientMinor: text('Minor version of the client', {
    eve: 'rfb.client_protocol_version.minor',
    zeek: 'client_minor_version',
  }),
  securityType: number('Number of the security type', { eve: 'rfb.authentication.security_type' }),
  method: text('Security type', { zeek: 'authentication_method' }),
  challenge: text('Challenge', { eve: 'rfb.authentication.vnc.challenge' }),
  response: text('Answer to the challenge, never shown', { eve: 'rfb.authentication.vnc.response' }),
  result: text('Outcome', { eve: 'rfb.authentication.security_result' }),
  isLoggedIn: flag('Login succeeded', { zeek: 'auth', eve: false }),
  failure: text('Why the server refused', { eve: 'rfb.server_security_failure_reason' }),
  isShared: flag('Screen shared with others', { eve: 'rfb.screen_shared', zeek: 'share_flag' }),
  name: text('Name of the desktop', { eve: 'rfb.framebuffer.name', zeek: 'desktop_name' }),
  width: number('Width of the screen', { eve: 'rfb.framebuffer.width', zeek: 'width' }),
  height: number('Height of the screen', { eve: 'rfb.framebuffer.height', zeek: 'height' }),
  bitsPerPixel: number('Bits per pixel', { eve: 'rfb.framebuffer.pixel_format.bits_per_pixel' }),
  depth: number('Depth of colour', { eve: 'rfb.framebuffer.pixel_format.depth' }),
  isBigEndian: flag('Pixels in big endian', { eve: 'rfb.framebuffer.pixel_format.big_endian' }),
  isTrueColour: flag('True colour', { eve: 'rfb.framebuffer.pixel_format.true_color' }),
  redMax: number('Most of red', { eve: 'rfb.framebuffer.pixel_format.red_max' }),
  greenMax: number('Most of green', { eve: 'rfb.framebuffer.pixel_format.green_max' }),
  blueMax: number('Most of blue', { eve: 'rfb.framebuffer.pixel_format.blue_max' }),
  redShift: number('Place of red', { eve: 'rfb.framebuffer.pixel_format.red_shift' }),
  greenShift: number('Place of green', { eve: 'rfb.framebuffer.pixel_format.green_shift' }),
  blueShift: number('Place of blue', { eve: 'rfb.framebuffer.pixel_format.blue_shift' }),
};

const methods: Readonly<Record<number, string>> = {
  0: 'Invalid',
  1: 'None',
  2: 'VNC',
  5: 'RA2',
  6: 'RA2ne',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'GTK-VNC SASL',
  21: 'MD5 hash authentication',
  22: 'Colin Dean xvp',
  30: 'Apple Remote Desktop',
};
const results = ['OK', 'FAIL', 'FAIL'];

/** What comes next, and from whom it must come. */
type Step =
  | 'server version'
  | 'client version'
  | 'server security'
  | 'client security'
  | 'challenge'
  | 'response'
  | 'result'
  | 'reason'
  | 'client init'
  | 'server init';

const speaker: Readonly<Record<Step, Side>> = {
  'server version': 1,
  'client version': 0,
  'server security': 1,
  'client security': 0,
  challenge: 1,
  response: 0,
  result: 1,
  reason: 1,
  'client init': 0,
  'server init': 1,
};

class VncTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #event: EventOf<typeof fields> = {};
  #step: Step = 'server version';
  #minor = 3;
  #hasBegun = false;
  #isOver = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      // The server speaks first.
      const { rPort } = this.#conversation;
      if (side === 0 && (rPort < 5800 || rPort > 5999)) {
        this.#conversation.swap();
        side = 1;
      }
    }
    let o = at;
    while (o < end && !this.#isOver && speaker[this.#step] === side) {
      const next = this.#read(b, o, end);
      if (next === notMine) return notMine;
      if (next === 0) break;
      o = next;
    }
    // What comes early waits for what goes before it.
    return o - at;
  }

  end(): void {
    if (this.#event.serverMajor !== undefined || this.#event.clientMajor !== undefined) this.#tell();
  }

  /** Gives the position behind the message, 0 when it is not whole. */
  #read(b: Uint8Array, o: number, end: number): number {
    switch (this.#step) {
      case 'server version':
      case 'client version':
        return this.#readVersion(b, o, end);
      case 'server security':
        return this.#minor < 7 ? this.#readType33(b, o, end) : this.#readTypes(b, o, end);
      case 'client security':
        this.#choose(b[o]);
        return o + 1;
      case 'challenge':
        if (end - o < 16) return 0;
        this.#event.challenge = hexText(b, o, o + 16);
        this.#step = 'response';
        return o + 16;
      case 'response':
        if (end - o < 16) return 0;
        // Challenge and answer together give the password away: eight characters, by DES.
        this.#event.response = masked;
        this.#step = 'result';
        return o + 16;
      case 'result':
        return this.#readResult(b, o, end);
      case 'reason':
        return this.#readReason(b, o, end);
      case 'client init':
        this.#event.isShared = b[o] !== 0;
        this.#step = 'server init';
        return o + 1;
      case 'server init':
        return this.#readScreen(b, o, end);
    }
  }

  #readVersion(b: Uint8Array, o: number, end: number): number {
    if (end - o < 12) return 0;
    if (!isVersion(b, o, end)) return notMine;
    const major = wireText(b, o + 4, o + 7);
    const minor = wireText(b, o + 8, o + 11);
    if (this.#step === 'server version') {
      this.#event.serverMajor = major;
      this.#event.serverMinor = minor;
      this.#step = 'client version';
    } else {
      this.#event.clientMajor = major;
      this.#event.clientMinor = minor;
      this.#minor = Number(major) > 3 ? 8 : Number(minor);
      this.#conversation.confirm();
      this.#step = 'server security';
    }
    return o + 12;
  }

  /** Up to 3.6 the server decides. */
  #readType33(b: Uint8Array, o: number, end: number): number {
    if (end - o < 4) return 0;
    this.#choose(u32(b, o));
    return o + 4;
  }

  #readTypes(b: Uint8Array, o: number, end: number): number {
    const count = b[o];
    if (end - o < 1 + count) return 0;
    this.#step = count === 0 ? 'reason' : 'client security';
    return o + 1 + count;
  }

  #choose(type: number): void {
    this.#event.securityType = type;
    this.#event.method = methods[type] ?? `unknown-${type}`;
    if (type === 0) {
      this.#step = 'reason';
    } else if (type === 1) {
      // Only since 3.8 there is a result when nothing was asked.
      this.#step = this.#minor < 8 ? 'client init' : 'result';
      if (this.#minor < 8) this.#event.isLoggedIn = true;
    } else if (type === 2) {
      this.#step = 'challenge';
    } else {
      this.#conversation.weird('unimplemented_security_type', String(type));
      this.#finish();
    }
  }

  #readResult(b: Uint8Array, o: number, end: number): number {
    if (end - o < 4) return 0;
    const result = u32(b, o);
    this.#event.result = results[result] ?? `UNKNOWN(${result})`;
    this.#event.isLoggedIn = result === 0;
    this.#step = result === 0 ? 'client init' : 'reason';
    if (result !== 0 && this.#minor < 8) this.#finish();
    return o + 4;
  }

  #readReason(b: Uint8Array, o: number, end: number): number {
    if (end - o < 4) return 0;
    const length = u32(b, o);
    const kept = Math.min(length, nameBytes);
    if (end - o - 4 < kept) return 0;
    this.#event.failure = wireText(b, o + 4, o + 4 + kept);
    this.#finish();
    return o + 4 + kept;
  }

  /*
   *  | width 2 | height 2 | bits, depth, big endian, true colour | max 3 x 2 | shift 3 x 1 | - 3 | length 4 | name |
   */
  #readScreen(b: Uint8Array, o: number, end: number): number {
    if (end - o < 24) return 0;
    const kept = Math.min(u32(b, o + 20), nameBytes);
    if (end - o - 24 < kept) return 0;
    const event = this.#event;
    event.width = u16(b, o);
    event.height = u16(b, o + 2);
    event.bitsPerPixel = b[o + 4];
    event.depth = b[o + 5];
    event.isBigEndian = b[o + 6] !== 0;
    event.isTrueColour = b[o + 7] !== 0;
    event.redMax = u16(b, o + 8);
    event.greenMax = u16(b, o + 10);
    event.blueMax = u16(b, o + 12);
    event.redShift = b[o + 14];
    event.greenShift = b[o + 15];
    event.blueShift = b[o + 16];
    event.name = wireText(b, o + 24, o + 24 + kept);
    this.#finish();
    return o + 24 + kept;
  }

  #finish(): void {
    this.#tell();
    this.#isOver = true;
    this.#conversation.done();
  }

  #tell(): void {
    this.#conversation.emit(this.#event);
  }
}

/** `RFB 003.008` and a line feed. */
function isVersion(b: Uint8Array, at: number, end: number): boolean {
  if (!hasAscii(b, at, end, 'RFB ') || b[at + 7] !== 0x2e || b[at + 11] !== 0x0a) return false;
  for (let i = at + 4; i < at + 11; i++) if (i !== at + 7 && (b[i] < 0x30 || b[i] > 0x39)) return false;
  return true;
}

export const vnc = defineProtocol({
  name: 'vnc',
  title: 'VNC',
  family: 'login',
  ports: { tcp: [5900, 5901, 5902, 5903] },
  eveType: 'rfb',
  eveApp: 'rfb',
  zeekLog: 'rfb',
  zeekService: 'rfb',
  fields,
  probe: startingWith(oneOf(0x52), (b, at, end) => {
    if (end - at < 12) return hasAscii(b, at, end, 'RFB '.slice(0, Math.min(4, end - at))) ? probed.maybe : probed.no;
    return isVersion(b, at, end) ? probed.yes : probed.no;
  }),
  open: (conversation) => new VncTalk(conversation),
});
