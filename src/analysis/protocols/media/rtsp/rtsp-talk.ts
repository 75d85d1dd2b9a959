// Reads an RTSP connection: messages, and between them frames of media:
//
//   | '$' 8 | channel 8 | length 16 | RTP or RTCP |

import { u16 } from '../../../../core/index.ts';
import { type Conversation, notMine, otherSide, probed, type Side, type Talk } from '../../protocol.ts';
import { announceMedia } from '../announce.ts';
import {
  credentialsOf,
  type Head,
  headEnd,
  headerOf,
  headLimit,
  leadingNumber,
  readHead,
  withoutPasswords,
} from '../head.ts';
import type { AnnouncedMedia, Codec } from '../rtp/codecs.ts';
import { rtcp } from '../rtp/rtcp.ts';
import { RtcpReader } from '../rtp/rtcp-reader.ts';
import { rtp } from '../rtp/rtp.ts';
import type { RtpStream } from '../rtp/rtp-stream.ts';
import { isRtcpType, RtpStreams, rtpHeaderLength } from '../rtp/rtp-streams.ts';
import { type Media, type MediaAddress, readSdp, sdpLimit } from '../sdp.ts';
import type { RtspEvent, rtspFields } from './fields.ts';
import { mayBeRtsp } from './first-bytes.ts';
import { readTransport, type Transport } from './transport.ts';

/** Requests awaiting their response, media remembered of a session. */
const pendingLimit = 64;
const mediaLimit = 16;
const dollar = 0x24;

interface Asked {
  readonly timeUs: number;
  readonly event: RtspEvent;
}

const isLineEnd = (c: number): boolean => c === 0x0d || c === 0x0a;

export class RtspTalk implements Talk {
  readonly #conversation: Conversation<typeof rtspFields>;
  /** Requests of each side by CSeq: servers may ask, too. */
  readonly #asked: readonly [Map<number, Asked>, Map<number, Asked>] = [new Map(), new Map()];
  #media: readonly Media[] = [];
  #streams: RtpStreams | null = null;
  #rtcp: RtcpReader | null = null;
  #session = '';
  #messages = 0;
  #isProven = false;

  constructor(conversation: Conversation<typeof rtspFields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    let from = side;
    for (;;) {
      while (o < end && isLineEnd(b[o])) o++;
      if (o === end) return o - at;
      if (b[o] === dollar && this.#messages > 0) {
        const to = end - o < 4 ? end + 1 : o + 4 + u16(b, o + 2);
        if (to > end) return o - at;
        this.#frame(from, b, o + 4, to);
        o = to;
        continue;
      }
      const verdict = mayBeRtsp(b, o, end);
      if (verdict === probed.no) return this.#lost(end - at);
      const body = verdict === probed.yes ? headEnd(b, o, end) : -1;
      if (body < 0) return end - o > headLimit ? this.#lost(end - at) : o - at;
      const head = readHead(b, o, body);
      const length = Math.max(0, leadingNumber(headerOf(head, 'content-length', 'l')));
      const wanted = body + Math.min(length, sdpLimit);
      if (wanted > end) return o - at;
      if (this.#messages++ === 0 && head.line.startsWith('RTSP/') && side === 0) {
        // Nobody answers before being asked: the capture began late.
        this.#conversation.swap();
        from = 1;
      }
      if (head.line.startsWith('RTSP/')) this.#response(from, head, b, body, wanted);
      else this.#request(from, head, b, body, wanted);
      o = body + length;
      if (o >= end) return o - at;
    }
  }

  #lost(length: number): number {
    if (this.#messages === 0) return notMine;
    this.#conversation.weird('rtsp_junk');
    this.end();
    this.#conversation.done();
    return length;
  }

  #request(side: Side, head: Head, b: Uint8Array, body: number, end: number): void {
    const { timeUs } = this.#conversation;
    const line = withoutPasswords(head.line);
    const [method, url = ''] = line.split(' ');
    const event: RtspEvent = { method, url, version: line.slice(line.lastIndexOf(' ') + 1) };
    setText(event, 'userAgent', head, 'user-agent');
    setText(event, 'transport', head, 'transport');
    setText(event, 'range', head, 'range');
    setSession(event, head);
    const secret = headerOf(head, 'authorization') ?? headerOf(head, 'proxy-authorization');
    if (secret !== undefined) {
      const { scheme, user, realm } = credentialsOf(secret);
      event.authorization = scheme;
      if (user !== undefined && user !== '') event.user = user;
      if (realm !== undefined) event.realm = realm;
    }
    // ANNOUNCE describes what the client is about to record.
    if (method === 'ANNOUNCE') this.#description(event, b, body, end);
    const cseq = leadingNumber(headerOf(head, 'cseq'));
    if (cseq >= 0) event.cseq = cseq;
    const asked = this.#asked[side];
    if (asked.size >= pendingLimit) {
      const [oldest] = asked;
      asked.delete(oldest[0]);
      this.#tell(oldest[1], side);
    }
    asked.set(cseq, { timeUs, event });
  }

  #response(side: Side, head: Head, b: Uint8Array, body: number, end: number): void {
    const conversation = this.#conversation;
    const cseq = leadingNumber(headerOf(head, 'cseq'));
    const asker = otherSide(side);
    const asked = this.#asked[asker].get(cseq);
    this.#asked[asker].delete(cseq);
    const event: RtspEvent = asked?.event ?? { ...(cseq >= 0 ? { cseq } : {}), version: head.line.slice(0, 8) };
    event.status = Math.max(0, leadingNumber(head.line.slice(9)));
    event.reason = head.line.slice(13);
    setText(event, 'server', head, 'server');
    setText(event, 'contentType', head, 'content-type');
    setText(event, 'transport', head, 'transport');
    setText(event, 'range', head, 'range');
    setSession(event, head);
    if (event.session !== undefined) this.#session = event.session;
    if (asked !== undefined) {
      event.latencyUs = Math.max(0, Math.round(conversation.timeUs - asked.timeUs));
      if (!this.#isProven) conversation.confirm();
      this.#isProven = true;
    }
    if (event.contentType?.toLowerCase().startsWith('application/sdp')) this.#description(event, b, body, end);
    const isDone = event.status >= 200 && event.status < 300;
    if (isDone && event.transport !== undefined && event.method !== 'TEARDOWN') {
      this.#setUp(readTransport(event.transport), event.url ?? '', asker);
    }
    conversation.emit(event, { side: asker, ...(asked === undefined ? {} : { timeUs: asked.timeUs }) });
  }

  #description(event: RtspEvent, b: Uint8Array, body: number, end: number): void {
    const sdp = readSdp(b, body, end);
    if (sdp === null) return;
    event.sdp = sdp.eve;
    this.#media = sdp.media.slice(0, mediaLimit);
    event.media = this.#media.map(
      ({ kind, codecs }) => `${kind} ${[...codecs.values()].map(({ name }) => name).join('/')}`,
    );
  }

  /** The server has agreed on how a medium is carried: its flows are announced. */
  #setUp(transport: Transport, url: string, client: Side): void {
    const conversation = this.#conversation;
    const medium = this.#media.find(({ control }) => control !== '' && url.endsWith(control));
    const codecs = medium?.codecs ?? allCodecs(this.#media);
    const given: AnnouncedMedia = { codecs, callId: this.#session, isSecure: transport.isSecure };
    if (transport.channel >= 0) {
      this.#openInside();
      return;
    }
    const server = otherSide(client);
    const to = transport.destination ?? this.#addressOf(client);
    const from = transport.source ?? this.#addressOf(server);
    if (transport.clientPort > 0) announceMedia(conversation, to, transport.clientPort, 0, given);
    if (transport.groupPort > 0) announceMedia(conversation, to, transport.groupPort, 0, given);
    if (transport.serverPort > 0) announceMedia(conversation, from, transport.serverPort, 0, given);
  }

  #addressOf(side: Side): MediaAddress {
    return { ipVersion: this.#conversation.ipVersion === 6 ? 6 : 4, words: this.#conversation.addressWords(side) };
  }

  /** Media inside the connection: all channels together, sources tell them apart. */
  #openInside(): void {
    if (this.#streams !== null) return;
    const given: AnnouncedMedia = { codecs: allCodecs(this.#media), callId: this.#session, isSecure: false };
    this.#streams = new RtpStreams(given, (stream, isEnd) => this.#tellStream(stream, isEnd));
    this.#rtcp = new RtcpReader(given);
  }

  #frame(side: Side, b: Uint8Array, at: number, end: number): void {
    // The capture may have begun after the way was agreed on.
    if (this.#streams === null) this.#openInside();
    const length = end - at;
    if (length < 2 || b[at] >>> 6 !== 2) return;
    const { timeUs } = this.#conversation;
    if (isRtcpType(b[at + 1])) {
      const event = this.#rtcp?.read(side, b, at, end, timeUs) ?? null;
      if (event !== null) this.#conversation.emitAs(rtcp, event, { side });
      return;
    }
    const header = rtpHeaderLength(b, at, end, length);
    if (header > 0) this.#streams?.take(side, b, at, header, length, timeUs);
  }

  #tellStream(stream: RtpStream, isEnd: boolean): void {
    this.#conversation.emitAs(rtp, stream.tell(isEnd), { side: stream.side, timeUs: stream.lastUs });
  }

  #tell(asked: Asked, side: Side): void {
    this.#conversation.emit(asked.event, { side, timeUs: asked.timeUs });
  }

  /** What is behind a hole is read again from the next message on; frames are found again by their mark. */
  gap(): void {
    if (this.#messages > 0) this.#conversation.weird('rtsp_gap');
  }

  end(): void {
    for (const side of [0, 1] as const) {
      for (const asked of this.#asked[side].values()) this.#tell(asked, side);
      this.#asked[side].clear();
    }
    this.#streams?.end();
  }
}

function allCodecs(media: readonly Media[]): ReadonlyMap<number, Codec> {
  const all = new Map<number, Codec>();
  for (const { codecs } of media) for (const [type, codec] of codecs) if (!all.has(type)) all.set(type, codec);
  return all;
}

type TextName = 'userAgent' | 'transport' | 'range' | 'server' | 'contentType';

function setText(event: RtspEvent, name: TextName, head: Head, header: string): void {
  const value = headerOf(head, header);
  if (value !== undefined) event[name] = value;
}

/** `Session: 12345678;timeout=60` */
function setSession(event: RtspEvent, head: Head): void {
  const value = headerOf(head, 'session');
  if (value !== undefined) [event.session] = value.split(';', 1);
}
