// RTCP on a port of its own (RFC 3550 §6, §11): the port after that of the media.

import {
  type Conversation,
  defineProtocol,
  type InnerTalk,
  notMine,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../../protocol.ts';
import { announcedMedia } from './codecs.ts';
import { isCompound, RtcpReader, rtcpFields } from './rtcp-reader.ts';
import { isRtcpType } from './rtp-streams.ts';

const senderReport = 200;
const receiverReport = 201;

/** A compound packet begins with a report (§6.1), whose blocks fit into it, and ends where the datagram does. */
const probe: Probe = (b, at, end, hint) => {
  if (end - at < 8 || b[at] >>> 6 !== 2 || (b[at] & 0x20) !== 0) return probed.no;
  const type = b[at + 1];
  if (type !== senderReport && type !== receiverReport) return probed.no;
  const bytes = 4 + ((b[at + 2] << 8) | b[at + 3]) * 4;
  const least = (type === senderReport ? 28 : 8) + (b[at] & 31) * 24;
  return bytes >= least && bytes <= least + 64 && isCompound(b, at, end, hint.length) ? probed.yes : probed.no;
};

export const rtcp = defineProtocol({
  name: 'rtcp',
  title: 'RTCP',
  family: 'media',
  ports: { udp: [5005] },
  variants: ['srtcp'],
  fields: rtcpFields,
  probe: startingWith((first) => (first & 0xe0) === 0x80, probe),
  open,
});

function open(conversation: Conversation<typeof rtcpFields>): Talk {
  const announced = announcedMedia(conversation.given);
  const reader = new RtcpReader(announced);
  if (announced?.isSecure === true) conversation.rename('srtcp');
  let datagrams = 0;
  let stun: InnerTalk | null = null;
  const tell = (side: Side, b: Uint8Array, at: number, end: number): void => {
    const event = reader.read(side, b, at, end, conversation.timeUs);
    if (event === null) return;
    if (event.reports !== undefined || event.cname !== undefined) conversation.confirm();
    conversation.emit(event, { side });
  };
  return {
    data(side, b, at, end) {
      if (end - at >= 8 && b[at] >>> 6 === 2 && isRtcpType(b[at + 1])) {
        datagrams++;
        tell(side, b, at, end);
      } else if (announced !== null && end > at && b[at] <= 3) {
        stun ??= conversation.inner('stun');
        stun.data(side, b, at, end);
      } else if (datagrams === 0) return notMine;
      return end - at;
    },
    end: () => stun?.end(),
  };
}
