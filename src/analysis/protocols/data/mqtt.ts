// MQTT 3.1, 3.1.1 and 5.0 (OASIS MQTT 5.0): connections, publications with their acknowledgements, subscriptions.

import { hasAscii, number, object, text, u16, wireText } from '../../../core/index.ts';
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
import { mqttConnect, mqttPublish, mqttSubscribe } from './mqtt-logs.ts';
import {
  BodyReader,
  type Connect,
  type Header,
  hasLength,
  packetLimit,
  payloadText,
  readCodes,
  readConnect,
  readHeader,
  readNames,
  readProperties,
  readTopics,
  shownPayload,
  types,
} from './mqtt-packets.ts';

export { mqttConnect, mqttPublish, mqttSubscribe };

const fields = {
  connect: object('Connect', { eve: 'mqtt.connect' }),
  connack: object('Answer to connect', { eve: 'mqtt.connack' }),
  publish: object('Publish', { eve: 'mqtt.publish' }),
  puback: object('Publish acknowledged', { eve: 'mqtt.puback' }),
  pubrec: object('Publish received', { eve: 'mqtt.pubrec' }),
  pubrel: object('Publish released', { eve: 'mqtt.pubrel' }),
  pubcomp: object('Publish complete', { eve: 'mqtt.pubcomp' }),
  subscribe: object('Subscribe', { eve: 'mqtt.subscribe' }),
  suback: object('Answer to subscribe', { eve: 'mqtt.suback' }),
  unsubscribe: object('Unsubscribe', { eve: 'mqtt.unsubscribe' }),
  unsuback: object('Answer to unsubscribe', { eve: 'mqtt.unsuback' }),
  pingreq: object('Ping', { eve: 'mqtt.pingreq' }),
  pingresp: object('Answer to ping', { eve: 'mqtt.pingresp' }),
  disconnect: object('Disconnect', { eve: 'mqtt.disconnect' }),
  client: text('Client', { filter: 'mqtt.clientid' }),
  user: text('User', { filter: 'mqtt.username' }),
  topic: text('Topic', { filter: 'mqtt.topic' }),
  payloadBytes: number('Payload', { unit: 'bytes' }),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Exchanges that wait for their end. */
const pendingLimit = 256;
const weirdLimit = 8;
/** Bytes of a packet that are waited for; the rest is skipped. */
const keptBytes = 16_384;
/** Bytes of a payload in Zeek's log. */
const loggedPayload = 100;

const versions: Readonly<Record<number, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };
const statuses = [
  'Connection Accepted',
  'Refused: unacceptable protocol version',
  'Refused: identifier rejected',
  'Refused: server unavailable',
  'Refused: bad user name or password',
  'Refused: not authorized',
];
const qualities = ['at most once', 'at least once', 'exactly once'];
const names = Object.keys(types) as (keyof typeof types)[];

/** An exchange under way: its event grows with each packet. */
interface Exchange {
  readonly side: Side;
  readonly startUs: number;
  readonly event: Record<string, unknown>;
  readonly log: Record<string, unknown>;
}

class MqttTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  /** By kind, side and packet identifier. */
  readonly #open = new Map<string, Exchange>();
  #version = 0;
  #isConnected = false;
  #client = '';
  #user = '';
  #weirds = 0;
  #isCertain = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    const first = bytes[start] >> 4;
    if (!this.#isCertain && ((from === 1 && first === types.connect) || (from === 0 && first === types.connack))) {
      this.#told.swap();
      side = otherSide(from);
    }
    let at = start;
    while (at < end) {
      const header = readHeader(bytes, at, end);
      if (header === null) break;
      if (header === undefined || header.type === 0) {
        if (!this.#isCertain) return notMine;
        this.#weird('unassigned_msg_type');
        this.end();
        this.#told.done();
        break;
      }
      const body = at + header.size;
      if (end - body < Math.min(header.remaining, keptBytes)) break;
      this.#packet(side, header, bytes, body, Math.min(end, body + header.remaining));
      at = body + header.remaining;
    }
    return at - start;
  }

  /** Packets were lost: what waits for them is told as it is. */
  gap(): void {
    this.end();
    this.#told.done();
  }

  end(): void {
    for (const exchange of this.#open.values()) this.#emit(exchange, false);
    this.#open.clear();
  }

  #weird(name: string): void {
    if (this.#weirds++ < weirdLimit) this.#told.weird(name);
  }

  #packet(side: Side, header: Header, b: Uint8Array, at: number, end: number): void {
    const { type } = header;
    const reader = new BodyReader(b, at, end);
    const flags = { qos: header.qos, retain: header.retain, dup: header.dup };
    if (header.qos === 3) this.#weird('invalid_qos_level');
    if (!this.#isConnected && type !== types.connect && type !== types.connack) this.#weird('unintroduced_message');
    switch (type) {
      case types.connect:
        this.#connect(side, flags, reader);
        break;
      case types.connack:
        this.#connack(flags, reader);
        break;
      case types.publish:
        this.#publish(side, header, reader);
        break;
      case types.puback:
      case types.pubrec:
      case types.pubrel:
      case types.pubcomp:
        this.#acknowledge(side, type, flags, reader);
        break;
      case types.subscribe:
      case types.unsubscribe:
        this.#subscribe(side, type, flags, reader);
        break;
      case types.suback:
      case types.unsuback:
        this.#granted(side, type, flags, reader);
        break;
      case types.disconnect:
        this.#disconnect(side, flags, reader);
        break;
      case types.pingreq:
      case types.pingresp:
        this.#tell(side, { [names[type - 1]]: flags });
    }
  }

  #connect(side: Side, flags: object, reader: BodyReader): void {
    if (this.#isConnected) this.#weird('double_connect');
    const connect = readConnect(reader);
    this.#version = connect.version;
    this.#isConnected = true;
    this.#isCertain = true;
    this.#told.confirm();
    this.#client = connect.client;
    this.#user = connect.user ?? '';
    this.#start('connect', side, { connect: { ...flags, ...connect.eve } }, connectRow(connect));
  }

  #connack(flags: object, reader: BodyReader): void {
    const isPresent = (reader.byte() & 1) !== 0;
    const code = reader.byte();
    const connack: Record<string, unknown> = { ...flags, session_present: isPresent, return_code: code };
    if (this.#version === 5 && !reader.isDone) addProperties(connack, reader);
    const exchange = this.#take('connect');
    if (exchange === undefined) {
      this.#weird('missing_connect');
      this.#tell(1, { connack });
      return;
    }
    exchange.event.connack = connack;
    exchange.log.status = statuses[code] ?? `unknown-${code}`;
    this.#emit(exchange, true);
  }

  #publish(side: Side, header: Header, reader: BodyReader): void {
    const { qos, retain, dup, remaining } = header;
    const bodyAt = reader.at;
    const topic = reader.text();
    const id = qos > 0 ? reader.u16() : 0;
    const publish: Record<string, unknown> = { qos, retain, dup, topic };
    if (qos > 0) publish.message_id = id;
    if (this.#version === 5) addProperties(publish, reader);
    const length = Math.max(0, remaining - (reader.at - bodyAt));
    const payloadAt = Math.min(reader.at, reader.end);
    publish.message = payloadText(reader.b, payloadAt, reader.end, length);
    if (remaining > packetLimit) {
      publish.truncated = true;
      publish.skipped_length = remaining;
    }
    const logged = wireText(reader.b, payloadAt, Math.min(reader.end, payloadAt + loggedPayload));
    const row = {
      fromClient: side === 0,
      retain,
      qos: qualities[qos] ?? `unknown-${qos}`,
      status: qos === 0 ? 'ok' : 'incomplete_qos',
      topic,
      payload: logged,
      payloadBytes: length,
    };
    const key = `publish ${side} ${id}`;
    // Sent again: the first one's exchange goes on.
    if (qos > 0 && dup && this.#open.has(key)) return;
    this.#start(key, side, { publish, topic, payloadBytes: length }, row);
    const exchange = qos === 0 ? this.#take(key) : undefined;
    if (exchange !== undefined) this.#emit(exchange, true);
  }

  #acknowledge(side: Side, type: number, flags: object, reader: BodyReader): void {
    const name = names[type - 1];
    const id = reader.u16();
    const message: Record<string, unknown> = { ...flags, message_id: id };
    if (this.#version === 5) message.reason_code = reader.isDone ? 0 : reader.byte();
    // Who published: the other side acknowledges, receives and completes, the same side releases.
    const publisher = type === types.pubrel ? side : 1 - side;
    const key = `publish ${publisher} ${id}`;
    const exchange = this.#open.get(key);
    if (exchange === undefined) {
      this.#weird('missing_publish');
      this.#tell(side, { [name]: message });
      return;
    }
    exchange.event[name] = message;
    const isRefused = Number(message.reason_code ?? 0) >= 0x80;
    if (type === types.pubrel || (type === types.pubrec && !isRefused)) return;
    exchange.log.status = isRefused ? 'refused' : 'ok';
    this.#open.delete(key);
    this.#emit(exchange, true);
  }

  #subscribe(side: Side, type: number, flags: object, reader: BodyReader): void {
    const id = reader.u16();
    const message: Record<string, unknown> = { ...flags, message_id: id };
    if (this.#version === 5) addProperties(message, reader, false);
    const name = names[type - 1];
    const row: Record<string, unknown> = { action: `MQTT::${name.toUpperCase()}`, isAcknowledged: false };
    if (type === types.subscribe) {
      const topics = readTopics(reader);
      message.topics = topics;
      row.topics = topics.map((one) => one.topic);
      row.levels = topics.map((one) => one.qos);
    } else {
      message.topics = readNames(reader);
      row.topics = message.topics;
    }
    this.#start(`${name} ${side} ${id}`, side, { [name]: message }, row);
  }

  #granted(side: Side, type: number, flags: object, reader: BodyReader): void {
    const isSubscribe = type === types.suback;
    const id = reader.u16();
    const message: Record<string, unknown> = { ...flags, message_id: id };
    if (this.#version === 5) addProperties(message, reader, false);
    const codes = readCodes(reader);
    if (isSubscribe) message.qos_granted = codes;
    else if (codes.length > 0) message.reason_codes = codes;
    const exchange = this.#take(`${isSubscribe ? 'subscribe' : 'unsubscribe'} ${1 - side} ${id}`);
    if (exchange === undefined) {
      this.#weird(isSubscribe ? 'missing_subscribe' : 'missing_unsubscribe');
      this.#tell(side, { [names[type - 1]]: message });
      return;
    }
    exchange.event[names[type - 1]] = message;
    exchange.log.isAcknowledged = true;
    if (isSubscribe && codes.length > 0) exchange.log.granted = codes[0];
    this.#emit(exchange, true);
  }

  #disconnect(side: Side, flags: object, reader: BodyReader): void {
    const disconnect: Record<string, unknown> = { ...flags };
    if (this.#version === 5) {
      disconnect.reason_code = reader.isDone ? 0 : reader.byte();
      if (!reader.isDone) addProperties(disconnect, reader);
    }
    this.#tell(side, { disconnect });
  }

  #start(key: string, side: Side, event: Record<string, unknown>, log: Record<string, unknown>): void {
    const before = this.#take(key);
    if (before !== undefined) this.#emit(before, false);
    const oldest = this.#open.entries().next();
    if (this.#open.size >= pendingLimit && oldest.done === false) {
      this.#open.delete(oldest.value[0]);
      this.#emit(oldest.value[1], false);
    }
    this.#open.set(key, { side, startUs: this.#told.timeUs, event, log });
  }

  #take(key: string): Exchange | undefined {
    const exchange = this.#open.get(key);
    this.#open.delete(key);
    return exchange;
  }

  #emit(exchange: Exchange, isWhole: boolean): void {
    const { event, log, side, startUs } = exchange;
    const waited = this.#told.timeUs - startUs;
    const hasAnswer = isWhole && (event.publish as Record<string, unknown> | undefined)?.qos !== 0;
    this.#tell(side, { ...event, ...(hasAnswer && { latencyUs: Math.max(0, waited) }) });
    const options = { only: 'log', timeUs: startUs, side } as const;
    if ('connect' in event) this.#told.emitAs(mqttConnect, log, options);
    else if ('publish' in event) this.#told.emitAs(mqttPublish, log, options);
    else this.#told.emitAs(mqttSubscribe, log, options);
  }

  #tell(side: Side, event: Record<string, unknown>): void {
    this.#told.emit(
      {
        ...event,
        ...(this.#client !== '' && { client: this.#client }),
        ...(this.#user !== '' && { user: this.#user }),
      },
      { side },
    );
  }
}

function addProperties(message: Record<string, unknown>, reader: BodyReader, isShown = true): void {
  const properties = readProperties(reader);
  if (isShown && Object.keys(properties).length > 0) message.properties = properties;
}

function connectRow(connect: Connect): Record<string, unknown> {
  const { protocol, version, client, will } = connect;
  return {
    protocol,
    version: versions[version] ?? `unknown-${version}`,
    client,
    ...(will !== undefined && { willTopic: will.topic, willPayload: will.message.slice(0, shownPayload) }),
  };
}

/** Knows CONNECT anywhere; other packets on the port, when their length fits. */
const probe: Probe = (b, at, end, hint) => {
  const type = b[at] >> 4;
  if (type === types.connect) {
    const header = readHeader(b, at, end);
    if (header === null) return end - at < 5 ? probed.maybe : probed.no;
    if (header === undefined) return probed.no;
    const name = at + header.size;
    if (end - name < 8) return b[name] === 0 ? probed.maybe : probed.no;
    return hasAscii(b, name, end, '\0\x04MQTT') || hasAscii(b, name, end, '\0\x06MQIsdp') ? probed.yes : probed.no;
  }
  if (!hint.isPort) return probed.no;
  const header = readHeader(b, at, end);
  if (header === null) return probed.maybe;
  if (header === undefined) return probed.no;
  const body = at + header.size;
  if (end - body < Math.min(2, header.remaining)) return probed.maybe;
  if (type === types.publish) {
    const isFitting = end - body >= 2 && u16(b, body) > 0 && u16(b, body) + 2 <= header.remaining;
    return isFitting && header.qos < 3 ? probed.yes : probed.no;
  }
  const isReserved = (b[at] & 15) === (type === types.pubrel || (type & ~2) === types.subscribe ? 2 : 0);
  return isReserved && body + header.remaining === end && hasLength(type, header.remaining) ? probed.yes : probed.no;
};

export const mqtt = defineProtocol({
  name: 'mqtt',
  title: 'MQTT',
  zeekService: 'mqtt',
  family: 'data',
  ports: { tcp: [1883] },
  fields,
  probe: startingWith((first) => first === 0x10 || first >= 0x20, probe),
  open: (conversation) => new MqttTalk(conversation),
});
