// What leaves the network: bytes that a host here sends to one outside, as records of flows tell them.

import { type FlowSignal, moment } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import type { Network } from '../detector.ts';

export const uploadMoments: number = moment.alive | moment.ended;

/** Data connections that an FTP server opens to its client (RFC 959 §3.2): the client is the responder. */
const ftpDataPort = 20;

/** Groups have no owner (RFC 1112, RFC 4291 §2.7). */
const isGroup = (s: FlowSignal): boolean => (s.ipVersion === 4 ? s.r0 >>> 28 === 14 : s.r0 >>> 24 === 0xff);

/** A part of a conversation that went out. Reused: valid only inside the call. */
export class Upload {
  version = 0;
  /** The host here, and the one outside. */
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  /** Frame bytes since it was told last. */
  sent = 0.5;
  received = 0.5;
  /** Port of the service. */
  port = 0;
  /** The sender was the responder. */
  isTurned = false;

  /** Takes a record; false when nothing went out. */
  read(s: FlowSignal, network: Network): boolean {
    const fromHere = network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
    const toHere = network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
    // What is inside a tunnel is counted with the tunnel.
    if (fromHere === toHere || s.isInner || isGroup(s)) return false;
    const isTurned = toHere;
    this.isTurned = isTurned;
    // A server here that answers hosts outside does what it is for.
    if (isTurned && s.oPort !== ftpDataPort) return false;
    this.version = s.ipVersion;
    this.s0 = isTurned ? s.r0 : s.o0;
    this.s1 = isTurned ? s.r1 : s.o1;
    this.s2 = isTurned ? s.r2 : s.o2;
    this.s3 = isTurned ? s.r3 : s.o3;
    this.d0 = isTurned ? s.o0 : s.r0;
    this.d1 = isTurned ? s.o1 : s.r1;
    this.d2 = isTurned ? s.o2 : s.r2;
    this.d3 = isTurned ? s.o3 : s.r3;
    this.sent = isTurned ? s.rBytesSince : s.oBytesSince;
    this.received = isTurned ? s.oBytesSince : s.rBytesSince;
    this.port = isTurned ? s.oPort : s.rPort;
    return this.sent > 0;
  }

  get sourceHash(): number {
    return hashWords(this.version, this.s0, this.s1, this.s2, this.s3);
  }

  get targetHash(): number {
    return hashWords(this.version, this.d0, this.d1, this.d2, this.d3);
  }
}

/** Services that people send much to on purpose: storage, meetings, video, clouds. */
const storage = new Set(
  (
    'google-drive icloud onedrive sharepoint dropbox box mega wetransfer backblaze pcloud nextcloud google-cloud aws azure ' +
    'google-meet teams zoom webex gotomeeting jitsi skype facetime youtube twitch github discord whatsapp'
  ).split(' '),
);

/** A sentence that speaks for harmless use; empty when nothing does. */
export const usualUse = (service: string): string =>
  storage.has(service) ? `${service} is a service that people send much to.` : '';

/** `1.2 GB`, `530 MB`, `12 kB`: decimal, as drives and networks are sold. */
export function sized(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${value < 10 && at > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[at]}`;
}
