// Control packets of MQTT 3.1, 3.1.1 and 5.0 (OASIS MQTT 5.0, sections 2 and 3).
//
//   +-----------+-----------------------+-----------------+---------+
//   | type flags| remaining length (1-4)| variable header | payload |
//   +-----------+-----------------------+-----------------+---------+

import { isSecretName, masked, u16, u32, wireText } from '../../../core/index.ts';

export const types = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const;

/** Bytes of a payload that EVE shows; Suricata's default. */
export const shownPayload = 1024;
/** Longer packets are told without their contents; Suricata's default for `max-msg-length`. */
export const packetLimit = 1 << 20;
/** Bytes of a text that are kept. */
const textLimit = 1024;
const topicLimit = 64;
const propertyLimit = 64;

export interface Header {
  readonly type: number;
  readonly dup: boolean;
  readonly qos: number;
  readonly retain: boolean;
  /** Bytes after the header. */
  readonly remaining: number;
  /** Bytes of the header. */
  readonly size: number;
}

/** The fixed header; null when it is cut, undefined when it is none. */
export function readHeader(b: Uint8Array, at: number, end: number): Header | null | undefined {
  let remaining = 0;
  for (let i = 1; i <= 4; i++) {
    if (at + i >= end) return null;
    const byte = b[at + i];
    remaining |= (byte & 0x7f) << (7 * (i - 1));
    if (byte < 0x80) {
      const first = b[at];
      return {
        type: first >> 4,
        dup: (first & 8) !== 0,
        qos: (first >> 1) & 3,
        retain: (first & 1) !== 0,
        remaining,
        size: i + 1,
      };
    }
  }
  return undefined;
}

/** Reads on in a packet's body; what is beyond the end reads as nothing. */
export class BodyReader {
  readonly b: Uint8Array;
  at: number;
  readonly end: number;
  /** Something was cut. */
  isShort = false;

  constructor(b: Uint8Array, at: number, end: number) {
    this.b = b;
    this.at = at;
    this.end = end;
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) {
      this.isShort = true;
      return 0;
    }
    return this.b[this.at++];
  }

  u16(): number {
    return (this.byte() << 8) | this.byte();
  }

  u32(): number {
    const value = this.end - this.at >= 4 ? u32(this.b, this.at) : 0;
    if (this.end - this.at < 4) this.isShort = true;
    this.at += 4;
    return value;
  }

  /** A variable byte integer. */
  variable(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  /** A text or binary data: two bytes of length, and the bytes. */
  text(): string {
    const length = this.u16();
    const from = this.at;
    if (length > this.end - from) this.isShort = true;
    this.at += length;
    return wireText(this.b, Math.min(from, this.end), Math.min(from + Math.min(length, textLimit), this.end));
  }

  skipText(): void {
    this.at += this.u16();
  }
}

/** Properties by identifier: name, and kind of value (`1 2 4` bytes, `v`ariable, `t`ext, `p`air, `s`ecret). */
const properties: Readonly<Record<number, readonly [string, string]>> = {
  1: ['payload_format_indicator', '1'],
  2: ['message_expiry_interval', '4'],
  3: ['content_type', 't'],
  8: ['response_topic', 't'],
  9: ['correlation_data', 't'],
  11: ['subscription_identifier', 'v'],
  17: ['session_expiry_interval', '4'],
  18: ['assigned_client_identifier', 't'],
  19: ['server_keep_alive', '2'],
  21: ['authentication_method', 't'],
  22: ['authentication_data', 's'],
  23: ['request_problem_information', '1'],
  24: ['will_delay_interval', '4'],
  25: ['request_response_information', '1'],
  26: ['response_information', 't'],
  28: ['server_reference', 't'],
  31: ['reason_string', 't'],
  33: ['receive_maximum', '2'],
  34: ['topic_alias_maximum', '2'],
  35: ['topic_alias', '2'],
  36: ['maximum_qos', '1'],
  37: ['retain_available', '1'],
  38: ['user_property', 'p'],
  39: ['maximum_packet_size', '4'],
  40: ['wildcard_subscription_available', '1'],
  41: ['subscription_identifier_available', '1'],
  42: ['shared_subscription_available', '1'],
};

/** Properties by name; user properties under names of their own. */
export function readProperties(reader: BodyReader): Record<string, string | number> {
  const out: Record<string, string | number> = {};
  const length = reader.variable();
  const end = Math.min(reader.end, reader.at + length);
  for (let i = 0; i < propertyLimit && reader.at < end; i++) {
    const known = properties[reader.variable()];
    if (known === undefined) break;
    const [name, kind] = known;
    if (kind === '1') out[name] = reader.byte();
    else if (kind === '2') out[name] = reader.u16();
    else if (kind === '4') out[name] = reader.u32();
    else if (kind === 'v') out[name] = reader.variable();
    else if (kind === 't') out[name] = reader.text();
    else if (kind === 's') {
      reader.skipText();
      out[name] = masked;
    } else {
      const key = reader.text();
      const value = reader.text();
      out[key === '__proto__' ? '_' : key] = isSecretName(key) ? masked : value;
    }
  }
  reader.at = end;
  return out;
}

export interface Connect {
  readonly protocol: string;
  readonly version: number;
  readonly client: string;
  readonly user: string | undefined;
  readonly will: { readonly topic: string; readonly message: string } | undefined;
  /** As EVE has it, without the flags of the header. */
  readonly eve: Record<string, unknown>;
}

export function readConnect(reader: BodyReader): Connect {
  const protocol = reader.text();
  const version = reader.byte();
  const flags = reader.byte();
  reader.u16();
  const own = version === 5 ? readProperties(reader) : {};
  const client = reader.text();
  let will: Record<string, unknown> | undefined;
  if ((flags & 4) !== 0) {
    const willProperties = version === 5 ? readProperties(reader) : {};
    will = { topic: reader.text(), message: reader.text() };
    if (Object.keys(willProperties).length > 0) will.properties = willProperties;
  }
  const user = (flags & 0x80) !== 0 ? reader.text() : undefined;
  const hasPassword = (flags & 0x40) !== 0;
  if (hasPassword) reader.skipText();
  return {
    protocol,
    version,
    client,
    user,
    will: will as Connect['will'],
    eve: {
      protocol_string: protocol,
      protocol_version: version,
      flags: {
        username: (flags & 0x80) !== 0,
        password: hasPassword,
        will: (flags & 4) !== 0,
        will_retain: (flags & 0x20) !== 0,
        clean_session: (flags & 2) !== 0,
      },
      client_id: client,
      ...(user !== undefined && { username: user }),
      ...(hasPassword && { password: masked }),
      ...(will !== undefined && { will }),
      ...(Object.keys(own).length > 0 && { properties: own }),
    },
  };
}

/** Topics and their levels of a subscription. */
export function readTopics(reader: BodyReader): { topic: string; qos: number }[] {
  const topics: { topic: string; qos: number }[] = [];
  while (!reader.isDone && topics.length < topicLimit) {
    const topic = reader.text();
    topics.push({ topic, qos: reader.byte() & 3 });
  }
  return topics;
}

/** Topics alone, as an unsubscription has them. */
export function readNames(reader: BodyReader): string[] {
  const names: string[] = [];
  while (!reader.isDone && names.length < topicLimit) names.push(reader.text());
  return names;
}

/** Codes, one byte each, to the end of the packet. */
export function readCodes(reader: BodyReader): number[] {
  const codes: number[] = [];
  while (!reader.isDone && codes.length < topicLimit) codes.push(reader.byte());
  return codes;
}

/** A payload as EVE shows it. @param length of the whole, of which `end - at` bytes are here */
export function payloadText(b: Uint8Array, at: number, end: number, length: number): string {
  const shown = wireText(b, at, Math.min(end, at + shownPayload));
  return length > shownPayload ? `${shown}[truncated ${length - shownPayload} additional bytes]` : shown;
}

export const idAt = (b: Uint8Array, at: number, end: number): number => (at + 2 <= end ? u16(b, at) : 0);

/** Whether packets of that type have that length. */
export function hasLength(type: number, remaining: number): boolean {
  if (type >= types.pingreq && type <= types.pingresp) return remaining === 0;
  if (type === types.connack) return remaining >= 2 && remaining < 256;
  return type === types.disconnect ? remaining < 256 : remaining >= 2;
}
