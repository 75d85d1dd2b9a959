// Announces the flows of a session: media and its RTCP, by what SDP or a Transport header says.

import type { Conversation, Side } from '../protocol.ts';
import type { AnnouncedMedia } from './rtp/codecs.ts';
import { isRtpProfile, isSecureProfile, type Media, type MediaAddress } from './sdp.ts';

/** Ports below are never media; 9 stands for «not yet known» (RFC 8840 §4.1.1). */
const lowestPort = 1024;

/** Announces RTP at a port of an address, and RTCP at the port after it or at `rtcpPort`. */
export function announceMedia(
  conversation: Conversation,
  address: MediaAddress,
  port: number,
  rtcpPort: number,
  given: AnnouncedMedia,
): void {
  if (port < lowestPort) return;
  conversation.expect({ proto: 17, address, port, protocol: 'rtp', given });
  const other = rtcpPort > 0 ? rtcpPort : port + 1;
  if (other !== port && other < 65_536) {
    conversation.expect({ proto: 17, address, port: other, protocol: 'rtcp', given });
  }
}

/**
 * Announces what a session description that `side` sent offers. A host behind a translator writes an address that nobody
 * else sees: its own address on the way is announced as well.
 */
export function announceSession(conversation: Conversation, side: Side, media: readonly Media[], callId: string): void {
  const sender: MediaAddress = {
    ipVersion: conversation.ipVersion === 6 ? 6 : 4,
    words: conversation.addressWords(side),
  };
  for (const one of media) {
    if (one.profile.toLowerCase() === 'udptl' && one.port >= lowestPort) {
      const address = one.address ?? sender;
      conversation.expect({ proto: 17, address, port: one.port, protocol: 't38' });
    }
    if (one.port === 0 || !isRtpProfile(one.profile)) continue;
    const given: AnnouncedMedia = { codecs: one.codecs, callId, isSecure: isSecureProfile(one.profile) };
    if (one.address !== null) announceMedia(conversation, one.address, one.port, one.rtcpPort, given);
    if (one.address === null || !isSame(one.address, sender)) {
      announceMedia(conversation, sender, one.port, one.rtcpPort, given);
    }
  }
}

function isSame(a: MediaAddress, b: MediaAddress): boolean {
  if (a.ipVersion !== b.ipVersion) return false;
  for (let i = 0; i < 4; i++) if ((a.words[i] | 0) !== (b.words[i] | 0)) return false;
  return true;
}
