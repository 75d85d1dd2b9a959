// AMQP 0-9-1 (AMQP Working Group, version 0-9-1: connections, channels, queues, messages); AMQP 1.0 is named only.
//
//   +------+---------+----------------+-- … --+----+
//   | type | channel | size           | body  | CE |   type 1 a method, 2 a content's header, 3 its body, 8 a heartbeat
//   +------+---------+----------------+-------+----+

import { type AnyEvent, flag, hasAscii, number, text, u16, u32, u64, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const fields = {
  method: text('Method', { filter: 'amqp.method.method' }),
  channel: number('Channel', { filter: 'amqp.channel' }),
  exchange: text('Exchange'),
  routingKey: text('Routing key'),
  queue: text('Queue'),
  user: text('User'),
  mechanism: text('Mechanism of authentication'),
  virtualHost: text('Virtual host'),
  messageBytes: number('Message', { unit: 'bytes' }),
  messageCount: number('Messages in the queue'),
  success: flag('Success'),
  replyCode: number('Reply code'),
  replyText: text('Reply text'),
  latencyUs: number('Latency', { unit: 'us' }),
};

const keptBytes = 2048;
const sizeLimit = 1 << 26;
/** Channels whose exchange under way is remembered. */
const channelLimit = 256;

/** Class and method: name, and what stands in the arguments (`s` short text, `t` long text, `2 4 8` bytes, `b` bits, `f` table). */
const methods: Readonly<Record<string, readonly [string, string]>> = {
  '10.10': ['connection.start', ''],
  '10.11': ['connection.start-ok', 'f s:mechanism t:response'],
  '10.20': ['connection.secure', ''],
  '10.21': ['connection.secure-ok', ''],
  '10.30': ['connection.tune', ''],
  '10.31': ['connection.tune-ok', ''],
  '10.40': ['connection.open', 's:virtualHost'],
  '10.41': ['connection.open-ok', ''],
  '10.50': ['connection.close', '2:replyCode s:replyText'],
  '10.51': ['connection.close-ok', ''],
  '20.10': ['channel.open', ''],
  '20.11': ['channel.open-ok', ''],
  '20.20': ['channel.flow', ''],
  '20.21': ['channel.flow-ok', ''],
  '20.40': ['channel.close', '2:replyCode s:replyText'],
  '20.41': ['channel.close-ok', ''],
  '40.10': ['exchange.declare', '2 s:exchange'],
  '40.11': ['exchange.declare-ok', ''],
  '40.20': ['exchange.delete', '2 s:exchange'],
  '40.21': ['exchange.delete-ok', ''],
  '40.30': ['exchange.bind', '2 s:exchange s s:routingKey'],
  '40.31': ['exchange.bind-ok', ''],
  '50.10': ['queue.declare', '2 s:queue'],
  '50.11': ['queue.declare-ok', 's:queue 4:messageCount'],
  '50.20': ['queue.bind', '2 s:queue s:exchange s:routingKey'],
  '50.21': ['queue.bind-ok', ''],
  '50.30': ['queue.purge', '2 s:queue'],
  '50.31': ['queue.purge-ok', '4:messageCount'],
  '50.40': ['queue.delete', '2 s:queue'],
  '50.41': ['queue.delete-ok', '4:messageCount'],
  '50.50': ['queue.unbind', '2 s:queue s:exchange s:routingKey'],
  '50.51': ['queue.unbind-ok', ''],
  '60.10': ['basic.qos', ''],
  '60.11': ['basic.qos-ok', ''],
  '60.20': ['basic.consume', '2 s:queue'],
  '60.21': ['basic.consume-ok', ''],
  '60.30': ['basic.cancel', ''],
  '60.31': ['basic.cancel-ok', ''],
  '60.40': ['basic.publish', '2 s:exchange s:routingKey'],
  '60.50': ['basic.return', '2:replyCode s:replyText s:exchange s:routingKey'],
  '60.60': ['basic.deliver', 's 8 b s:exchange s:routingKey'],
  '60.70': ['basic.get', '2 s:queue'],
  '60.71': ['basic.get-ok', '8 b s:exchange s:routingKey 4:messageCount'],
  '60.72': ['basic.get-empty', ''],
  '60.80': ['basic.ack', ''],
  '60.90': ['basic.reject', ''],
  '60.110': ['basic.recover', ''],
  '60.111': ['basic.recover-ok', ''],
  '60.120': ['basic.nack', ''],
  '85.10': ['confirm.select', ''],
  '85.11': ['confirm.select-ok', ''],
  '90.10': ['tx.select', ''],
  '90.11': ['tx.select-ok', ''],
  '90.20': ['tx.commit', ''],
  '90.21': ['tx.commit-ok', ''],
  '90.30': ['tx.rollback', ''],
  '90.31': ['tx.rollback-ok', ''],
};

/** Methods that are told together with the size of the content behind them. */
const carrying = new Set(['basic.publish', 'basic.deliver', 'basic.return', 'basic.get-ok']);
/** Methods without a word of their own: what they say is told by others, or is nothing. */
const silent = new Set(
  ['start', 'tune', 'tune-ok', 'secure', 'secure-ok'].map((name) => `connection.${name}`).concat('basic.ack'),
);

interface Exchange {
  readonly side: Side;
  readonly startUs: number;
  readonly values: AnyEvent;
}

class AmqpTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  /** By channel: the method that waits for its answer, and the one that waits for its content. */
  readonly #asked = new Map<number, Exchange>();
  readonly #carried = new Map<number, Exchange>();
  #isCertain = false;
  #user = '';
  #virtualHost = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let side = from;
    while (end - at >= 8) {
      if (hasAscii(bytes, at, end, 'AMQP')) {
        if (!this.#isCertain && from === 1) {
          this.#told.swap();
          side = 0;
        }
        this.#isCertain = true;
        if (this.#greeted(bytes, at)) return end - start;
        at += 8;
        continue;
      }
      const size = u32(bytes, at + 3);
      const type = bytes[at];
      if (size > sizeLimit || (type > 3 && type !== 8)) {
        if (!this.#isCertain) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      const body = at + 7;
      if (end - body < Math.min(size, keptBytes)) break;
      if (type === 1) this.#method(side, u16(bytes, at + 1), bytes, body, Math.min(end, body + size));
      else if (type === 2) this.#content(u16(bytes, at + 1), bytes, body, Math.min(end, body + size));
      at = body + size + 1;
    }
    return at - start;
  }

  end(): void {
    for (const exchange of [...this.#asked.values(), ...this.#carried.values()]) this.#emit(exchange, {});
    this.#asked.clear();
    this.#carried.clear();
  }

  /** The header that names the version; true when nothing more can be read. */
  #greeted(b: Uint8Array, at: number): boolean {
    const isFirst = b[at + 4] === 0 && b[at + 5] === 0;
    if (isFirst) return false;
    this.#told.rename('amqp-1.0');
    this.#told.confirm();
    if (b[at + 4] === 2) this.#told.become('tls');
    else this.#told.done();
    return true;
  }

  #method(side: Side, channel: number, b: Uint8Array, o: number, end: number): void {
    if (end - o < 4) return;
    const known = methods[`${u16(b, o)}.${u16(b, o + 2)}`];
    if (known === undefined) return;
    this.#isCertain = true;
    this.#told.confirm();
    const [name, layout] = known;
    const values: AnyEvent = { method: name, ...(channel > 0 && { channel }) };
    readArguments(b, o + 4, end, layout, values);
    if (name === 'connection.start-ok') this.#login(values);
    if (name === 'connection.open') this.#virtualHost = String(values.virtualHost ?? '');
    // The client's own `-ok`s at the start are no answers: tune says that the login was fine.
    const isEnd = name.endsWith('-ok') && (side === 1 || channel > 0 || name === 'connection.close-ok');
    if (carrying.has(name)) this.#carry(side, channel, values);
    else if (isEnd || name === 'basic.get-empty') this.#answered(channel, values);
    else if (!silent.has(name)) this.#ask(side, channel, values);
    if (name === 'connection.tune') this.#answered(channel, {});
  }

  /** The user of PLAIN; its password is not kept. */
  #login(values: AnyEvent): void {
    const parts = String(values.response ?? '').split('\\x00');
    delete values.response;
    if (values.mechanism === 'PLAIN' && parts.length >= 3) this.#user = parts[1];
  }

  #carry(side: Side, channel: number, values: AnyEvent): void {
    const isAnswer = values.method === 'basic.get-ok';
    const asked = isAnswer ? this.#asked.get(channel) : undefined;
    if (asked !== undefined) this.#asked.delete(channel);
    this.#flush(this.#carried, channel);
    const startUs = asked?.startUs ?? this.#told.timeUs;
    this.#carried.set(channel, { side, startUs, values: { ...asked?.values, ...values } });
  }

  #ask(side: Side, channel: number, values: AnyEvent): void {
    // A refusal closes the channel in place of an answer.
    const isClose = String(values.method).endsWith('.close');
    const asked = this.#asked.get(channel);
    if (isClose && asked !== undefined && asked.side !== side) {
      this.#asked.delete(channel);
      const { replyCode, replyText } = values;
      const latencyUs = Math.max(0, this.#told.timeUs - asked.startUs);
      this.#emit(asked, { success: false, replyCode, replyText, latencyUs });
    } else this.#flush(this.#asked, channel);
    this.#asked.set(channel, { side, startUs: this.#told.timeUs, values });
  }

  #flush(map: Map<number, Exchange>, channel: number): void {
    const before = map.get(channel);
    if (before !== undefined) this.#emit(before, {});
    map.delete(channel);
    const oldest = map.entries().next();
    if (map.size < channelLimit || oldest.done === true) return;
    this.#emit(oldest.value[1], {});
    map.delete(oldest.value[0]);
  }

  #answered(channel: number, values: AnyEvent): void {
    const asked = this.#asked.get(channel);
    if (asked === undefined) return;
    this.#asked.delete(channel);
    const { queue, messageCount } = values;
    this.#emit(asked, {
      success: true,
      ...(queue !== undefined && { queue }),
      ...(messageCount !== undefined && { messageCount }),
      latencyUs: Math.max(0, this.#told.timeUs - asked.startUs),
    });
  }

  /** A content's header: class, weight, size, properties. */
  #content(channel: number, b: Uint8Array, o: number, end: number): void {
    const carried = this.#carried.get(channel);
    if (carried === undefined || end - o < 12) return;
    this.#carried.delete(channel);
    this.#emit(carried, { messageBytes: u64(b, o + 4) });
  }

  #emit(exchange: Exchange, more: AnyEvent): void {
    this.#told.emit(
      {
        ...exchange.values,
        ...more,
        ...(this.#user !== '' && { user: this.#user }),
        ...(this.#virtualHost !== '' && { virtualHost: this.#virtualHost }),
      },
      { timeUs: exchange.startUs, side: exchange.side },
    );
  }
}

function readArguments(b: Uint8Array, o: number, end: number, layout: string, values: AnyEvent): void {
  let at = o;
  for (const part of layout === '' ? [] : layout.split(' ')) {
    const [kind, name] = part.split(':');
    if (kind === 's') {
      if (at >= end) return;
      const last = Math.min(end, at + 1 + b[at]);
      if (name !== undefined) values[name] = wireText(b, at + 1, last);
      at = last;
    } else if (kind === 't' || kind === 'f') {
      if (at + 4 > end) return;
      const last = Math.min(end, at + 4 + u32(b, at));
      if (name !== undefined) values[name] = wireText(b, at + 4, Math.min(last, at + 260));
      at = last;
    } else {
      const size = kind === 'b' ? 1 : Number(kind);
      if (at + size > end) return;
      if (name !== undefined) values[name] = size === 2 ? u16(b, at) : u32(b, at);
      at += size;
    }
  }
}

/** The header `AMQP` anywhere, a whole method on the port. */
const probe: Probe = (b, at, end, hint) => {
  const isHeader = hasAscii(b, at, at + Math.min(4, end - at), 'AMQP'.slice(0, Math.min(4, end - at)));
  if (isHeader) {
    if (end - at < 8) return probed.maybe;
    return b[at + 4] <= 3 && b[at + 5] <= 1 ? probed.yes : probed.no;
  }
  if (!hint.isPort || b[at] > 3 || b[at] < 1) return probed.no;
  if (end - at < 11) return probed.maybe;
  const last = at + 7 + u32(b, at + 3);
  return last < end && b[last] === 0xce ? probed.yes : probed.no;
};

export const amqp = defineProtocol({
  name: 'amqp',
  title: 'AMQP',
  family: 'data',
  ports: { tcp: [5672] },
  variants: ['amqp-1.0'],
  fields,
  probe: startingWith(oneOf(1, 2, 3, 0x41), probe),
  open: (conversation) => new AmqpTalk(conversation),
});
