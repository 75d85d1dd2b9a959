// The state of an SMTP connection: commands, pipelined or not, the replies they wait for, and the mails they make up.

import { nextLine, wireText } from '../../../core/index.ts';
import { type Conversation, notMine, otherSide, type Side, type Talk } from '../protocol.ts';
import { files } from '../web/files.ts';
import { isLoneDot, MailMessage } from './message.ts';
import { SaslLogin } from './sasl.ts';
import { eventOfMail, filesOfMail, rowsOfParts, SmtpMail, type smtpFields, tellLogin } from './smtp-mail.ts';
import { replyCode, verbs } from './smtp-words.ts';

/** Bytes of a command or reply that are read (RFC 5321 §4.5.3.1 asks for 512), commands without an answer. */
const lineBytes = 2048;
const pendingLimit = 128;
/** Mails that wait for the server's last word. */
const openLimit = 16;
/** Contradictions after which the flow is left alone, as Zeek does. */
const invalidLimit = 25;

/** A command that waits for its reply. */
interface Pending {
  readonly verb: string;
  readonly mail: SmtpMail;
}

export class SmtpTalk implements Talk {
  readonly #conversation: Conversation<typeof smtpFields>;
  #helo: string | null = null;
  #offeredHelo: string | null = null;
  #mail: SmtpMail;
  /** Closed mails whose reply has not come, in order. */
  #open: SmtpMail[] = [];
  #pending: Pending[] = [];
  #isInData = false;
  #isMidLine = false;
  /** Bytes of a BDAT chunk still to come, and whether it is the last of its message. */
  #chunkBytes = 0;
  #isLastChunk = false;
  #login: SaslLogin | null = null;
  #isInAuth = false;
  #isLoggedIn: boolean | null = null;
  #isSwapped: boolean | null = null;
  #hasServerSpoken = false;
  readonly #parts = { count: 0 };
  #hasTold = false;
  #messages = 0;
  #invalid = 0;
  #strayLines = 0;
  /** A greeting was answered: odd lines are no reason to look away any more. */
  #isProven = false;
  /** Lines read; one too long to read is passed over once the protocol is sure. */
  #lines = 0;
  readonly #isSkipping: [boolean, boolean] = [false, false];

  constructor(conversation: Conversation<typeof smtpFields>) {
    this.#conversation = conversation;
    this.#mail = new SmtpMail(conversation.timeUs, 1);
    this.#pending.push({ verb: 'greeting', mail: this.#mail });
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (this.#isSwapped === null) {
      this.#isSwapped = isWrongWay(side, b, at, end);
      if (this.#isSwapped) {
        this.#conversation.swap();
        side = otherSide(side);
      }
    }
    const stop = side === 0 ? this.#readClient(b, at, end) : this.#readServer(b, at, end);
    return stop === notMine ? notMine : stop - at;
  }

  gap(side: Side): void {
    if (side === 0) {
      this.#isInData = false;
      this.#chunkBytes = 0;
      this.#mail.message?.finish();
    }
    // Replies cannot be told apart any more.
    this.#pending = [];
  }

  end(): void {
    for (const mail of this.#open) this.#tell(mail);
    this.#open = [];
    const mail = this.#mail;
    if (mail.hasActivity) this.#tell(mail);
    // A greeting and nothing else is no line of its own in a log.
    else if (!this.#hasTold && this.#helo !== null) {
      this.#conversation.emit(eventOfMail(mail, this.#helo, this.#login, this.#isLoggedIn, this.#conversation), {
        only: 'eve',
      });
    }
  }

  /** The end of a line has not come: waits for it, or passes over what is too long. */
  #longLine(side: Side, o: number, end: number): number {
    if (end - o <= lineBytes && !this.#isSkipping[side]) return o;
    if (this.#lines === 0) return notMine;
    this.#isSkipping[side] = true;
    return end;
  }

  /** Whether the line that ends here is the rest of one that was too long. */
  #isSkipped(side: Side): boolean {
    this.#lines++;
    const isSkipping = this.#isSkipping[side];
    this.#isSkipping[side] = false;
    return isSkipping;
  }

  // --- the client ------------------------------------------------------------------------------------------------

  #readClient(b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (o < end) {
      let next: number;
      if (this.#chunkBytes > 0) next = this.#readChunk(b, o, end);
      else if (this.#isInData) next = this.#readData(b, o, end);
      else next = this.#readCommand(b, o, end);
      if (next === notMine) return notMine;
      if (next === o) break;
      o = next;
    }
    return o;
  }

  #readChunk(b: Uint8Array, o: number, end: number): number {
    const stop = Math.min(end, o + this.#chunkBytes);
    this.#mail.message?.feed(b, o, stop, this.#conversation.timeUs);
    this.#chunkBytes -= stop - o;
    if (this.#chunkBytes === 0 && this.#isLastChunk) this.#endMessage();
    return stop;
  }

  #readData(b: Uint8Array, o: number, end: number): number {
    const next = nextLine(b, o, end);
    const { message } = this.#mail;
    // A leading dot is doubled in what is sent (RFC 5321 §4.5.2).
    const from = !this.#isMidLine && b[o] === 0x2e ? o + 1 : o;
    if (next < 0) {
      // A short beginning of a line may be that of the end of the message.
      if (!this.#isMidLine && end - o < 3 && b[o] === 0x2e) return o;
      message?.feed(b, from, end, this.#conversation.timeUs);
      this.#isMidLine = true;
      return end;
    }
    if (!this.#isMidLine && isLoneDot(b, o, next)) {
      this.#isInData = false;
      this.#expectReply('.');
      this.#endMessage();
      return next;
    }
    message?.feed(b, from, next, this.#conversation.timeUs);
    this.#isMidLine = false;
    return next;
  }

  #endMessage(): void {
    const mail = this.#mail;
    mail.message?.finish();
    if (mail.message?.isCut) this.#conversation.weird('exceeded_mime_max_header_bytes');
    mail.isDone = true;
    this.#messages++;
    this.#closeMail();
  }

  #closeMail(): void {
    this.#mail.isClosed = true;
    this.#open.push(this.#mail);
    if (this.#open.length > openLimit) this.#settle(this.#open[0]);
    this.#mail = new SmtpMail(this.#conversation.timeUs, this.#messages + 1);
  }

  #readCommand(b: Uint8Array, o: number, end: number): number {
    const next = nextLine(b, o, end);
    if (next < 0) return this.#longLine(0, o, end);
    if (this.#isSkipped(0)) return next;
    let stop = next - 1;
    while (stop > o && b[stop - 1] === 0x0d) stop--;
    if (this.#isInAuth) {
      this.#isInAuth = false;
      this.#login?.answered(wireText(b, o, Math.min(stop, o + 4096)));
      this.#expectReply('AUTH');
      return next;
    }
    let space = o;
    while (space < stop && b[space] !== 0x20) space++;
    const verb = wireText(b, o, Math.min(space, o + 16)).toUpperCase();
    if (!verbs.has(verb)) {
      if (++this.#strayLines > invalidLimit && !this.#isProven) return notMine;
      this.#expectReply('?');
      return next;
    }
    while (space < stop && b[space] === 0x20) space++;
    this.#command(verb, wireText(b, space, Math.min(stop, space + lineBytes)));
    return next;
  }

  #command(verb: string, argument: string): void {
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        this.#offeredHelo = argument.trim();
        this.#helo ??= this.#offeredHelo;
        break;
      case 'MAIL':
        this.#mailFrom(argument);
        break;
      case 'RCPT':
        if (/^to:/i.test(argument) && !this.#mail.to(argument.slice(3).trim())) {
          this.#conversation.weird('smtp_too_many_rcptto_addresses');
        }
        if (this.#mail.mailFrom === null) this.#isInvalid('rcpt to missing mail from');
        break;
      case 'BDAT':
        this.#chunk(argument);
        return;
      case 'AUTH':
        this.#auth(argument);
        break;
      case 'RSET':
        this.#expectReply(verb);
        if (this.#mail.hasActivity) this.#closeMail();
        return;
    }
    this.#expectReply(verb);
    // What follows is the message, unless the server refuses; who pipelines does not wait for that.
    if (verb === 'DATA') this.#begin();
  }

  #mailFrom(argument: string): void {
    if (!/^from:/i.test(argument)) return;
    if (this.#mail.hasActivity) this.#closeMail();
    if (!this.#hasServerSpoken || this.#pending.length === 0) this.#settleAll();
    this.#mail.from(argument.slice(5).trim());
  }

  #begin(): void {
    if (this.#mail.rcptTo.length === 0) this.#isInvalid('data missing rcpt to');
    this.#mail.message = new MailMessage(this.#parts);
    this.#mail.hasActivity = true;
    this.#isInData = true;
    this.#isMidLine = false;
  }

  #chunk(argument: string): void {
    const words = argument.trim().split(/\s+/);
    const isLast = words.length === 2 && words[1].toUpperCase() === 'LAST';
    const bytes = /^\d{1,15}$/.test(words[0]) && (words.length === 1 || isLast) ? Number(words[0]) : -1;
    if (bytes < 0) {
      this.#expectReply('?');
      this.#conversation.weird('smtp_invalid_bdat_command', argument.slice(0, 64));
      return;
    }
    this.#expectReply(isLast ? 'BDAT LAST' : 'BDAT');
    this.#mail.message ??= new MailMessage(this.#parts);
    this.#chunkBytes = bytes;
    this.#isLastChunk = isLast;
    if (bytes === 0 && isLast) this.#endMessage();
  }

  #auth(argument: string): void {
    const [mechanism, first] = argument.split(' ');
    this.#login = new SaslLogin(mechanism);
    this.#isLoggedIn = null;
    if (first !== undefined && first !== '') this.#login.answered(first);
  }

  /** Commands in an order that makes no mail. */
  #isInvalid(what: string): void {
    this.#conversation.weird('smtp_mail_transaction_invalid', what);
    if (++this.#invalid !== invalidLimit + 1) return;
    this.#conversation.weird('smtp_excessive_invalid_mail_transactions');
    this.end();
    this.#conversation.done();
  }

  #expectReply(verb: string): void {
    this.#pending.push({ verb, mail: this.#mail });
    if (this.#pending.length <= pendingLimit) return;
    // Only one side is seen.
    this.#pending = [];
    this.#settleAll();
  }

  // --- the server ------------------------------------------------------------------------------------------------

  #readServer(b: Uint8Array, at: number, end: number): number {
    this.#hasServerSpoken = true;
    let o = at;
    while (o < end) {
      const next = nextLine(b, o, end);
      if (next < 0) return this.#longLine(1, o, end);
      if (!this.#isSkipped(1) && !this.#readReply(b, o, next - 1)) return notMine;
      if (this.#mail.isTls) return next;
      o = next;
    }
    return o;
  }

  /** Only the last line of a reply counts. Gives false when too much is no reply. */
  #readReply(b: Uint8Array, o: number, lineEnd: number): boolean {
    let stop = lineEnd;
    while (stop > o && b[stop - 1] === 0x0d) stop--;
    const code = replyCode(b, o, stop);
    if (code < 0) return ++this.#strayLines <= invalidLimit || this.#isProven;
    if (stop > o + 3 && b[o + 3] === 0x2d) return true;
    let from = o + 3;
    while (from < stop && b[from] === 0x20) from++;
    this.#reply(code, wireText(b, from, Math.min(stop, from + lineBytes)));
    return true;
  }

  #reply(code: number, message: string): void {
    // Where the beginning was not seen, the first answer is not that to the connection.
    if (this.#pending[0]?.verb === 'greeting' && code !== 220 && code < 400) this.#pending.shift();
    const pending = this.#pending.shift();
    const mail = pending?.mail ?? this.#mail;
    mail.lastReply = message === '' ? String(code) : `${code} ${message}`;
    const isAccepted = code >= 200 && code < 300;
    switch (pending?.verb) {
      case 'EHLO':
      case 'HELO':
        this.#greeted(mail, isAccepted);
        break;
      case 'DATA':
        if (code !== 354) this.#refused(mail);
        break;
      case 'AUTH':
        this.#isInAuth = code === 334;
        if (code === 235 || code >= 500) this.#isLoggedIn = code === 235;
        tellLogin(this.#conversation, this.#login, this.#isLoggedIn);
        break;
      case 'STARTTLS':
        if (code === 220) this.#startTls(mail);
        break;
      case '.':
      case 'BDAT LAST':
      case 'RSET':
        this.#settle(mail);
        break;
    }
  }

  #greeted(mail: SmtpMail, isAccepted: boolean): void {
    this.#isProven = true;
    this.#conversation.confirm();
    if (!isAccepted) return;
    if (this.#offeredHelo !== null) this.#helo = this.#offeredHelo;
    if (mail !== this.#mail || !(mail.hasActivity || mail.isRefused)) return;
    this.#closeMail();
    this.#settle(mail);
  }

  #refused(mail: SmtpMail): void {
    if (mail.isClosed) return;
    mail.message = null;
    mail.isRefused = true;
    if (mail.mailFrom === null && mail.rcptTo.length === 0) mail.hasActivity = false;
    if (mail === this.#mail) this.#isInData = false;
  }

  #startTls(mail: SmtpMail): void {
    mail.isTls = true;
    mail.hasActivity = true;
    this.#conversation.confirm();
    this.#conversation.become('tls');
  }

  /** The server's last word on a mail has come. */
  #settle(mail: SmtpMail): void {
    const at = this.#open.indexOf(mail);
    if (at < 0) return;
    this.#open.splice(at, 1);
    this.#tell(mail);
  }

  /** No reply will tell: what is closed is told. */
  #settleAll(): void {
    for (const mail of this.#open) this.#tell(mail);
    this.#open = [];
  }

  #tell(mail: SmtpMail): void {
    this.#hasTold = true;
    const event = eventOfMail(mail, this.#helo, this.#login, this.#isLoggedIn, this.#conversation);
    this.#conversation.emit(event, { only: 'eve' });
    this.#conversation.emit(event, { only: 'log', timeUs: mail.startUs });
    for (const file of filesOfMail(mail, event)) this.#conversation.emitAs(files, file, { only: 'eve', side: 0 });
    for (const [row, timeUs] of rowsOfParts(mail, this.#conversation)) {
      this.#conversation.emitAs(files, row, { only: 'log', timeUs, side: 0 });
    }
  }
}

/** Only servers begin with digits. */
function isWrongWay(side: Side, b: Uint8Array, at: number, end: number): boolean {
  return replyCode(b, at, end) >= 0 !== (side === 1);
}
