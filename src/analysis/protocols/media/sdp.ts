// SDP (RFC 8866): what a session is made of, who sends which media where, in which codecs. Keys are masked.

import { type AnyEvent, masked, maskUrl, wireText } from '../../../core/index.ts';
import { ipv4Words, ipv6Words } from './address-words.ts';
import { withoutPasswords } from './head.ts';
import { type Codec, codecOf } from './rtp/codecs.ts';

/** Bytes read, media and attributes kept, characters of a line. */
export const sdpLimit = 16_384;
const mediaLimit = 16;
const attributeLimit = 64;
const lineLimit = 1024;
const codecLimit = 32;

export interface MediaAddress {
  readonly ipVersion: 4 | 6;
  readonly words: readonly [number, number, number, number];
}

/** One `m=` line with what belongs to it. */
export interface Media {
  /** `audio`, `video`, `image`, … */
  readonly kind: string;
  /** 0: refused. */
  readonly port: number;
  /** `RTP/AVP`, `RTP/SAVPF`, `udptl`, … */
  readonly profile: string;
  /** Own connection data, else the session's; null when there is none or it is a name. */
  address: MediaAddress | null;
  /** Port of RTCP where it is told. */
  rtcpPort: number;
  readonly codecs: Map<number, Codec>;
  /** `a=control` of RTSP. */
  control: string;
}

export interface Sdp {
  /** As EVE has it in `sip.sdp`. */
  readonly eve: AnyEvent;
  readonly media: readonly Media[];
}

export const isRtpProfile = (profile: string): boolean => /(^|\/)RTP\/S?AVPF?$/i.test(profile);
export const isSecureProfile = (profile: string): boolean => /RTP\/SAVPF?$/i.test(profile);

/** Names of lines in EVE, by their letter; those that may stand in a session only once. */
const sessionTexts: Readonly<Record<string, string>> = {
  o: 'origin',
  s: 'session_name',
  i: 'session_info',
  u: 'uri',
  e: 'email',
  p: 'phone_number',
  c: 'connection_data',
  z: 'timezone',
  k: 'encryption_key',
};
const mediaTexts: Readonly<Record<string, string>> = {
  i: 'media_info',
  c: 'connection_data',
  k: 'encryption_key',
};

/** Null when the text does not begin as SDP does. */
export function readSdp(b: Uint8Array, at: number, end: number): Sdp | null {
  if (end - at < 4 || b[at] !== 0x76 || b[at + 1] !== 0x3d) return null;
  const reader = new SdpReader();
  const stop = Math.min(end, at + sdpLimit);
  for (let o = at; o < stop; ) {
    let next = o;
    while (next < stop && b[next] !== 0x0a) next++;
    const to = next > o && b[next - 1] === 0x0d ? next - 1 : next;
    if (to - o >= 2 && b[o + 1] === 0x3d) {
      reader.line(String.fromCharCode(b[o] & 0x7f), wireText(b, o + 2, Math.min(to, o + 2 + lineLimit)));
    }
    o = next + 1;
  }
  return { eve: reader.eve, media: reader.media };
}

class SdpReader {
  readonly eve: AnyEvent = {};
  readonly media: Media[] = [];
  #address: MediaAddress | null = null;
  /** Where lines go: the session's object, or the media's; null when there are too many. */
  #at: AnyEvent | null = this.eve;

  line(letter: string, value: string): void {
    if (letter === 'm') this.#mediaLine(value);
    else if (this.#at === null) return;
    else if (letter === 'a') this.#attribute(this.#at, value);
    else if (letter === 'b') push(this.#at, 'bandwidths', value);
    else if (letter === 't' || letter === 'r') this.#time(letter, value);
    else if (letter === 'v') this.#version(value);
    else this.#text(this.#at, letter, value);
  }

  #version(value: string): void {
    if (/^\d{1,4}$/.test(value)) this.eve.version ??= Number(value);
  }

  #text(at: AnyEvent, letter: string, value: string): void {
    const isSession = at === this.eve;
    const name = (isSession ? sessionTexts : mediaTexts)[letter];
    if (name === undefined) return;
    if (letter === 'c') this.#connection(isSession, value);
    at[name] ??= letter === 'k' ? maskedKey(value) : letter === 'u' ? maskUrl(value) : value;
  }

  #connection(isSession: boolean, value: string): void {
    const address = addressOf(value);
    if (isSession) this.#address = address;
    else if (this.media.length > 0) this.media[this.media.length - 1].address = address;
  }

  #time(letter: string, value: string): void {
    const list = this.eve.time_descriptions as AnyEvent[] | undefined;
    if (letter === 't') push(this.eve, 'time_descriptions', { time: value });
    else if (list !== undefined) list[list.length - 1].repeat_time ??= value;
  }

  /** `audio 49170/2 RTP/AVP 0 8 97` */
  #mediaLine(value: string): void {
    if (this.media.length >= mediaLimit) {
      this.#at = null;
      return;
    }
    const [kind, port = '', profile = '', ...formats] = value.split(' ');
    const codecs = new Map<number, Codec>();
    this.media.push({
      kind,
      port: portOf(port),
      profile,
      address: this.#address,
      rtcpPort: 0,
      codecs,
      control: '',
    });
    if (isRtpProfile(profile)) for (const format of formats.slice(0, codecLimit)) readFormat(format, codecs);
    this.#at = { media: value };
    push(this.eve, 'media_descriptions', this.#at);
  }

  #attribute(at: AnyEvent, value: string): void {
    const colon = value.indexOf(':');
    const name = colon < 0 ? value : value.slice(0, colon);
    const rest = colon < 0 ? '' : value.slice(colon + 1);
    push(at, 'attributes', maskedAttribute(name, rest, value));
    const media = at === this.eve ? undefined : this.media[this.media.length - 1];
    if (media === undefined) return;
    if (name === 'rtpmap') readMapping(rest, media.codecs);
    else if (name === 'rtcp') media.rtcpPort = portOf(rest.split(' ')[0]);
    else if (name === 'control') media.control = rest;
  }
}

function push(at: AnyEvent, name: string, value: unknown): void {
  const list = at[name] as unknown[] | undefined;
  if (list === undefined) at[name] = [value];
  else if (list.length < attributeLimit) list.push(value);
}

function portOf(text: string): number {
  const found = /^(\d{1,5})(?:\/\d+)?$/.exec(text);
  const port = found === null ? 0 : Number(found[1]);
  return port < 65_536 ? port : 0;
}

/** A payload type of the `m=` line; those that are not fixed get their name from `a=rtpmap`. */
function readFormat(format: string, codecs: Map<number, Codec>): void {
  const type = Number(format);
  if (/^\d{1,3}$/.test(format) && type < 128) codecs.set(type, codecOf(type, null) ?? { name: '', clockHz: 0 });
}

/** `97 iLBC/8000` */
function readMapping(rest: string, codecs: Map<number, Codec>): void {
  const found = /^(\d{1,3}) +([A-Za-z0-9_.+-]{1,40})\/(\d{1,7})/.exec(rest);
  if (found === null || Number(found[1]) > 127 || codecs.size > codecLimit) return;
  codecs.set(Number(found[1]), { name: found[2], clockHz: Number(found[3]) });
}

/** `IN IP4 192.0.2.1`, perhaps with `/ttl`. The address without address is none: the media rests. */
function addressOf(value: string): MediaAddress | null {
  const found = /^IN +IP([46]) +([0-9A-Fa-f.:]{2,45})/.exec(value);
  if (found === null) return null;
  const words = found[1] === '4' ? ipv4Words(found[2]) : ipv6Words(found[2]);
  if (words === null || words.every((word) => word === 0)) return null;
  return { ipVersion: found[1] === '4' ? 4 : 6, words };
}

/** `clear:…`, `base64:…` and `uri:…` keep their kind; `prompt` is no key. */
function maskedKey(value: string): string {
  const colon = value.indexOf(':');
  return colon < 0 ? (value === 'prompt' ? value : masked) : `${value.slice(0, colon)}:${masked}`;
}

/** Keys of SRTP (RFC 4568, RFC 4567) and the password of ICE (RFC 8839) are masked. */
function maskedAttribute(name: string, rest: string, value: string): string {
  switch (name.toLowerCase()) {
    case 'ice-pwd':
      return `${name}:${masked}`;
    case 'key-mgmt':
      return `${name}:${rest.split(' ')[0]} ${masked}`;
    case 'crypto':
      return `${name}:${rest.replace(/(inline:)[^|;\s]*/gi, `$1${masked}`)}`;
    case 'control':
      return `${name}:${withoutPasswords(rest)}`;
    default:
      return value;
  }
}
