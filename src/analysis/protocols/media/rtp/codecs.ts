// Codecs of RTP: the fixed payload types (RFC 3551 §6), and what an announcement says of the others.

/** How a payload type is coded. */
export interface Codec {
  /** Encoding name of its registration, as written there or in SDP. */
  readonly name: string;
  /** Rate of the RTP timestamp, Hz; 0 when it is not known. */
  readonly clockHz: number;
}

/** What a session description tells of a flow of media. `given` of flows that are announced as `rtp` or `rtcp`. */
export interface AnnouncedMedia {
  /** By payload type. */
  readonly codecs: ReadonlyMap<number, Codec>;
  /** Call-ID of SIP, session of RTSP; '' when there is none. */
  readonly callId: string;
  /** A profile with SRTP (RFC 3711) was agreed on. */
  readonly isSecure: boolean;
}

/** Takes what another flow gave; null when it is nothing of ours. */
export function announcedMedia(given: unknown): AnnouncedMedia | null {
  return typeof given === 'object' && given !== null && 'codecs' in given && 'isSecure' in given
    ? (given as AnnouncedMedia)
    : null;
}

const fixed = new Map<number, Codec>([
  [0, { name: 'PCMU', clockHz: 8000 }],
  [3, { name: 'GSM', clockHz: 8000 }],
  [4, { name: 'G723', clockHz: 8000 }],
  [5, { name: 'DVI4', clockHz: 8000 }],
  [6, { name: 'DVI4', clockHz: 16_000 }],
  [7, { name: 'LPC', clockHz: 8000 }],
  [8, { name: 'PCMA', clockHz: 8000 }],
  [9, { name: 'G722', clockHz: 8000 }],
  [10, { name: 'L16', clockHz: 44_100 }],
  [11, { name: 'L16', clockHz: 44_100 }],
  [12, { name: 'QCELP', clockHz: 8000 }],
  [13, { name: 'CN', clockHz: 8000 }],
  [14, { name: 'MPA', clockHz: 90_000 }],
  [15, { name: 'G728', clockHz: 8000 }],
  [16, { name: 'DVI4', clockHz: 11_025 }],
  [17, { name: 'DVI4', clockHz: 22_050 }],
  [18, { name: 'G729', clockHz: 8000 }],
  // Comfort noise before it had a number of its own.
  [19, { name: 'CN', clockHz: 8000 }],
  [25, { name: 'CelB', clockHz: 90_000 }],
  [26, { name: 'JPEG', clockHz: 90_000 }],
  [28, { name: 'nv', clockHz: 90_000 }],
  [31, { name: 'H261', clockHz: 90_000 }],
  [32, { name: 'MPV', clockHz: 90_000 }],
  [33, { name: 'MP2T', clockHz: 90_000 }],
  [34, { name: 'H263', clockHz: 90_000 }],
]);

/** Codec of a payload type: as announced, else as fixed; null when neither says. */
export function codecOf(payloadType: number, announced: AnnouncedMedia | null): Codec | null {
  return announced?.codecs.get(payloadType) ?? fixed.get(payloadType) ?? null;
}

/** Keys that were pressed (RFC 4733), not media. */
export const isEventCodec = (codec: Codec): boolean => codec.name.toLowerCase() === 'telephone-event';

/** Size in bytes of one frame of fixed payload types; a payload is a whole number of them. */
const frameBytes = new Map<number, number>([
  [0, 8],
  [3, 33],
  [4, 4],
  [7, 14],
  [8, 8],
  [9, 8],
  [18, 2],
  [33, 188],
]);

/**
 * Whether a payload of so many bytes may be of that type when nobody has announced it. Types without a meaning are refused, as
 * is comfort noise, which begins no stream.
 */
export function isPlausiblePayload(payloadType: number, payloadBytes: number): boolean {
  if (payloadBytes < 1) return false;
  if (payloadType >= 96) return true;
  if (payloadType === 13 || payloadType === 19 || !fixed.has(payloadType)) return false;
  const frame = frameBytes.get(payloadType);
  return frame === undefined ? payloadBytes >= 8 : payloadBytes % frame === 0;
}
