// RTSP (RFC 2326, RFC 7826): remote control of media, over TCP, with the media itself perhaps inside (RFC 2326 §10.12).

import { defineProtocol, startingWith } from '../../protocol.ts';
import { rtspFields } from './fields.ts';
import { isMethodByte, mayBeRtsp } from './first-bytes.ts';
import { RtspTalk } from './rtsp-talk.ts';

export const rtsp = defineProtocol({
  name: 'rtsp',
  title: 'RTSP',
  family: 'media',
  ports: { tcp: [554, 8554] },
  fields: rtspFields,
  probe: startingWith(isMethodByte, mayBeRtsp),
  open: (conversation) => new RtspTalk(conversation),
});
