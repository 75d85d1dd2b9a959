// What is told of SIP: one event a message in EVE, one a response in Zeek's log.

import { type EventOf, number, object, text, texts } from '../../../../core/index.ts';

export const sipFields = {
  method: text('Method', { eve: 'sip.method', zeek: 'method', filter: 'sip.Method' }),
  uri: text('Whom the request is for', { eve: 'sip.uri', zeek: 'uri', filter: 'sip.r-uri' }),
  version: text('Version', { eve: 'sip.version' }),
  requestLine: text('First line of a request', { eve: 'sip.request_line', filter: 'sip.Request-Line' }),
  code: text('Status code of a response', { eve: 'sip.code' }),
  reason: text('Words of the status', { eve: 'sip.reason', zeek: 'status_msg' }),
  responseLine: text('First line of a response', { eve: 'sip.response_line', filter: 'sip.Status-Line' }),
  sdp: object('Session description', { eve: 'sip.sdp' }),
  depth: number('Number of the transaction as Zeek counts: always 0', { eve: false, zeek: 'trans_depth' }),
  statusCode: number('Status code', { eve: false, zeek: 'status_code', filter: 'sip.Status-Code' }),
  date: text('Date of the request', { zeek: 'date' }),
  requestFrom: text('Who asks', { zeek: 'request_from', filter: 'sip.From' }),
  requestTo: text('Who is meant', { zeek: 'request_to', filter: 'sip.To' }),
  responseFrom: text('Who asked, as the response says', { zeek: 'response_from' }),
  responseTo: text('Who was meant, as the response says', { zeek: 'response_to' }),
  replyTo: text('Where to call back', { zeek: 'reply_to' }),
  callId: text('Call', { zeek: 'call_id', filter: 'sip.Call-ID' }),
  cseq: text('Number and method of the transaction', { zeek: 'seq', filter: 'sip.CSeq' }),
  subject: text('Subject', { zeek: 'subject', filter: 'sip.Subject' }),
  requestPath: texts('Way of the request (Via)', { eve: false, zeek: 'request_path' }),
  responsePath: texts('Way of the response (Via)', { eve: false, zeek: 'response_path' }),
  userAgent: text('Program that asks', { zeek: 'user_agent', filter: 'sip.User-Agent' }),
  server: text('Program that answers', { filter: 'sip.Server' }),
  contact: text('Where the sender is reached', { filter: 'sip.Contact' }),
  warning: text('Warning of the response', { zeek: 'warning', filter: 'sip.Warning' }),
  requestBodyBytes: number('Body of the request, as it says', { eve: false, zeek: 'request_body_len', unit: 'bytes' }),
  responseBodyBytes: number('Body of the response, as it says', {
    eve: false,
    zeek: 'response_body_len',
    unit: 'bytes',
  }),
  contentType: text('Type of the body', { zeek: 'content_type', filter: 'sip.Content-Type' }),
  authorization: text('Scheme of the credentials that were sent'),
  user: text('User that signs in', { filter: 'sip.auth.username' }),
  realm: text('What the user signs in to', { filter: 'sip.auth.realm' }),
  latencyUs: number('From the request to this response', { unit: 'us' }),
};

export type SipEvent = EventOf<typeof sipFields>;
