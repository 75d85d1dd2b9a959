// One mail transaction of SMTP (RFC 5321 §3.3): envelope, headers, and the event that tells of it.

import { type EventOf, flag, number, text, texts } from '../../../core/index.ts';
import type { Conversation } from '../protocol.ts';
import { type files, fuidOf, isLocalSide } from '../web/files.ts';
import { addressesIn, addressList, hostIn, receivedHost } from './addresses-in.ts';
import type { MailPart } from './mail-part.ts';
import type { MailMessage } from './message.ts';
import type { SaslLogin } from './sasl.ts';

/** Recipients, entries of a list in a header, stations of a path. */
const recipientLimit = 1000;
/** Characters of a path (RFC 5321 §4.5.3.1.3 allows 256). */
const pathChars = 512;

export const smtpFields = {
  helo: text('Name the client gave', { eve: 'smtp.helo', zeek: 'helo' }),
  mailFrom: text('Sender of the envelope', { eve: 'smtp.mail_from' }),
  rcptTo: texts('Recipients of the envelope', { eve: 'smtp.rcpt_to' }),
  sender: text('Address of the sender', { eve: false, zeek: 'mailfrom' }),
  recipients: texts('Addresses of the recipients', { eve: false, zeek: 'rcptto' }),
  status: text('How far the message was read', { eve: 'email.status' }),
  from: text('From', { eve: 'email.from', zeek: 'from' }),
  to: texts('To', { eve: 'email.to', zeek: 'to' }),
  cc: texts('Cc', { eve: 'email.cc', zeek: 'cc' }),
  date: text('Date', { eve: 'email.date', zeek: 'date' }),
  subject: text('Subject', { eve: 'email.subject', zeek: 'subject' }),
  messageId: text('Message-ID', { eve: 'email.message_id', zeek: 'msg_id' }),
  inReplyTo: text('In-Reply-To', { zeek: 'in_reply_to' }),
  replyTo: text('Reply-To', { zeek: 'reply_to' }),
  received: texts('Received', { eve: 'email.received' }),
  xMailer: text('X-Mailer', { eve: 'email.x_mailer' }),
  attachments: texts('Attachments', { eve: 'email.attachment' }),
  userAgent: text('Program of the sender', { zeek: 'user_agent' }),
  originatingIp: text('X-Originating-IP', { zeek: 'x_originating_ip' }),
  firstReceived: text('Last Received header', { eve: false, zeek: 'first_received' }),
  secondReceived: text('Received header before it', { eve: false, zeek: 'second_received' }),
  path: texts('Hosts the mail came through, nearest first', { eve: false, zeek: 'path' }),
  depth: number('Which mail of the connection', { eve: false, zeek: 'trans_depth' }),
  lastReply: text('Last answer of the server', { zeek: 'last_reply' }),
  isTls: flag('Went on encrypted', { zeek: 'tls' }),
  authMechanism: text('Login mechanism'),
  user: text('User who logged in'),
  isLoggedIn: flag('Login succeeded'),
  messageBytes: number('Length of the message', { unit: 'bytes' }),
  fuids: texts('Files that the parts are', { eve: false, zeek: 'fuids' }),
};

export type SmtpEvent = EventOf<typeof smtpFields>;

/** What is known of one mail. */
export class SmtpMail {
  readonly startUs: number;
  readonly depth: number;
  mailFrom: string | null = null;
  sender: string | null = null;
  readonly rcptTo: string[] = [];
  readonly recipients = new Set<string>();
  lastReply: string | null = null;
  message: MailMessage | null = null;
  isDone = false;
  isTls = false;
  /** The client has begun an envelope (or encryption): worth a line of its own. */
  hasActivity = false;
  /** The server refused the message: a greeting anew begins another. */
  isRefused = false;
  /** No command that comes now belongs to it. */
  isClosed = false;

  constructor(startUs: number, depth: number) {
    this.startUs = startUs;
    this.depth = depth;
  }

  /** @param path what follows `MAIL FROM:` */
  from(path: string): void {
    this.mailFrom = path.split(' ', 1)[0];
    this.sender = addressesIn(path)[0] ?? null;
    this.hasActivity = true;
  }

  /** @returns false when there are too many */
  to(path: string): boolean {
    this.hasActivity = true;
    if (this.rcptTo.length >= recipientLimit) return false;
    this.rcptTo.push(path.split(' ', 1)[0].slice(0, pathChars));
    for (const address of addressesIn(path.slice(0, pathChars))) {
      if (this.recipients.size < recipientLimit) this.recipients.add(address.replace(/ORCPT=rfc822;?/, ''));
    }
    return true;
  }
}

/** Tells how a login went to who counts them: a mail may never come. */
export function tellLogin(
  conversation: Conversation<typeof smtpFields>,
  login: SaslLogin | null,
  isLoggedIn: boolean | null,
): void {
  if (login === null || isLoggedIn === null) return;
  const user = login.user === null ? {} : { user: login.user };
  conversation.emit({ isLoggedIn, authMechanism: login.mechanism, ...user }, { only: 'step' });
}

/** The event of a mail. `helo`, `login` and its outcome are those of the connection. */
export function eventOfMail(
  mail: SmtpMail,
  helo: string | null,
  login: SaslLogin | null,
  isLoggedIn: boolean | null,
  conversation: Conversation,
): SmtpEvent {
  const event: SmtpEvent = {
    depth: mail.depth,
    isTls: mail.isTls,
    path: [conversation.address(1), conversation.address(0)],
  };
  if (helo !== null) event.helo = helo;
  if (mail.mailFrom !== null) event.mailFrom = mail.mailFrom;
  if (mail.sender !== null) event.sender = mail.sender;
  if (mail.rcptTo.length > 0) event.rcptTo = mail.rcptTo;
  if (mail.recipients.size > 0) event.recipients = [...mail.recipients];
  if (mail.lastReply !== null) event.lastReply = mail.lastReply;
  if (login !== null) {
    event.authMechanism = login.mechanism;
    if (login.user !== null) event.user = login.user;
    if (isLoggedIn !== null) event.isLoggedIn = isLoggedIn;
  }
  if (mail.message !== null) addMessage(event, mail.message, mail.isDone);
  const fuids = heldParts(mail).map(({ depth }) => fuidOf(conversation, 0, conversation.flowId, depth));
  if (fuids.length > 0) event.fuids = fuids;
  return event;
}

/** The attachments of a mail that have names. @param event what is told of the mail */
export function filesOfMail(mail: SmtpMail, event: SmtpEvent): EventOf<typeof files.fields>[] {
  const { status, from, to, cc, attachments, helo, mailFrom, rcptTo } = event;
  const smtp = {
    ...(helo !== undefined && { helo }),
    ...(mailFrom !== undefined && { mail_from: mailFrom }),
    ...(rcptTo !== undefined && { rcpt_to: rcptTo }),
  };
  const email = {
    status,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cc !== undefined && { cc }),
    attachment: attachments,
  };
  const named = (mail.message?.leaves ?? []).filter(({ name }) => name !== null);
  return named.map(({ name, bytes, isWhole }) => ({
    appProto: 'smtp',
    smtp,
    email,
    shownName: name ?? '',
    hasGaps: false,
    state: isWhole || mail.isDone ? 'CLOSED' : 'TRUNCATED',
    isStored: false,
    size: bytes,
    transaction: mail.depth - 1,
  }));
}

/** Rows of files.log for the parts of a mail, with their times. */
export function rowsOfParts(
  mail: SmtpMail,
  conversation: Conversation,
): [row: EventOf<typeof files.fields>, timeUs: number][] {
  return heldParts(mail).map((part) => {
    const row: EventOf<typeof files.fields> = {
      fuid: fuidOf(conversation, 0, conversation.flowId, part.depth),
      source: 'SMTP',
      depth: part.depth,
      analyzers: [],
      durationUs: part.endUs - part.startUs,
      isLocal: isLocalSide(conversation, 0),
      isOrig: true,
      seenBytes: part.seenBytes,
      missingBytes: 0,
      overflowBytes: 0,
      isTimedOut: false,
    };
    const { mimeType, name } = part;
    if (mimeType !== undefined) row.mimeType = mimeType;
    if (name !== null) row.filename = name;
    return [row, part.startUs];
  });
}

/** Parts that hold at least a byte. */
const heldParts = (mail: SmtpMail): readonly MailPart[] =>
  (mail.message?.leaves ?? []).filter(({ bytes }) => bytes > 0);

function addMessage(event: SmtpEvent, message: MailMessage, isDone: boolean): void {
  event.status = isDone ? 'PARSE_DONE' : message.status;
  event.messageBytes = message.bytes;
  const value = (name: string): string | undefined => message.header(name)?.raw.trim();
  set(event, 'from', value('from'));
  set(event, 'date', value('date'));
  set(event, 'subject', value('subject'));
  set(event, 'messageId', value('message-id'));
  set(event, 'inReplyTo', value('in-reply-to'));
  set(event, 'replyTo', value('reply-to'));
  set(event, 'xMailer', value('x-mailer'));
  set(event, 'userAgent', value('x-user-agent') ?? value('user-agent') ?? value('x-mailer'));
  set(event, 'originatingIp', hostIn(value('x-originating-ip') ?? '') ?? undefined);
  const to = listOf(message, 'to');
  if (to.length > 0) event.to = to;
  const cc = listOf(message, 'cc');
  if (cc.length > 0) event.cc = cc;
  if (message.attachments.length > 0) event.attachments = message.attachments;
  addReceived(event, message);
}

function set<K extends keyof SmtpEvent>(event: SmtpEvent, key: K, value: SmtpEvent[K] | undefined): void {
  if (value !== undefined && value !== '') event[key] = value;
}

function listOf(message: MailMessage, name: string): string[] {
  const values = message.headers.get(name) ?? [];
  return values.flatMap((value) => addressList(value.raw)).slice(0, recipientLimit);
}

/** Stations put their header in front: the first in the message is the last station. */
function addReceived(event: SmtpEvent, message: MailMessage): void {
  const received = message.headers.get('received') ?? [];
  if (received.length === 0) return;
  event.received = received.map((value) => value.text);
  event.firstReceived = received[received.length - 1].raw;
  if (received.length > 1) event.secondReceived = received[received.length - 2].raw;
  const path = event.path ?? [];
  for (const { raw } of received) {
    const host = receivedHost(raw);
    if (host !== null && host !== path.at(-1)) path.push(host);
  }
}
