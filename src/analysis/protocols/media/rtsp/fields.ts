// What is told of RTSP: one event for each request and its response.

import { type EventOf, number, object, text, texts } from '../../../../core/index.ts';

export const rtspFields = {
  method: text('Method', { filter: 'rtsp.method' }),
  url: text('Target', { filter: 'rtsp.url' }),
  version: text('Version'),
  status: number('Status code', { filter: 'rtsp.status' }),
  reason: text('Words of the status'),
  cseq: number('Number of the request', { filter: 'rtsp.cseq' }),
  session: text('Session', { filter: 'rtsp.session' }),
  transport: text('How the media is carried, as the server says, else as the client asks', {
    filter: 'rtsp.transport',
  }),
  userAgent: text('Program that asks'),
  server: text('Program that answers'),
  contentType: text('Type of the body that came back'),
  range: text('Part of the media', { filter: 'rtsp.range' }),
  authorization: text('Scheme of the credentials that were sent'),
  user: text('User that signs in'),
  realm: text('What the user signs in to'),
  media: texts('Media of the session: kind and codec'),
  sdp: object('Session description'),
  latencyUs: number('From the request to the response', { unit: 'us' }),
};

export type RtspEvent = EventOf<typeof rtspFields>;
